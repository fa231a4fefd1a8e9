package io.runwire.edge.hub;

import io.runwire.edge.hub.Outlet.Outgoing;

/** What a subscription found when it was asked for the next thing to send. */
sealed interface Step {
  /** Something to send. */
  record Send(Outgoing outgoing) implements Step {}

  /** Nothing now; whoever brings something wakes the connection. */
  record Idle() implements Step {}

  /** Others first, then ask again. */
  record Yield() implements Step {}
}
