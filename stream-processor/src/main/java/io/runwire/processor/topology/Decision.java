package io.runwire.processor.topology;

import io.runwire.event.Envelope;
import io.runwire.event.RejectReason;
import java.util.Optional;

/** What becomes of a record of agent-events. */
sealed interface Decision {
  /**
   * It goes to thread-events.
   *
   * @param remember what is now known of its run; empty where it tells nothing new: a crash replay,
   *     or beyond a hole
   */
  record Accepted(Envelope envelope, Optional<RoutedRun> remember) implements Decision {}

  /** It goes to rejected-events. */
  record Rejected(RejectReason reason, String detail) implements Decision {}

  /** It goes to agent-events again, on the partition of its thread. */
  record Reentered(String thread, int partition) implements Decision {}
}
