package io.runwire.processor.topology;

import io.runwire.event.RejectReason;

/** Who counts what the router does. Called on the stream threads; must be thread-safe. */
public interface RoutingCounts {
  void accepted();

  void rejected(RejectReason reason);

  void reentered();
}
