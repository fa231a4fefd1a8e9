package io.runwire.edge.hub;

import io.runwire.cursor.LogIdentity;
import io.runwire.event.Envelope;
import io.runwire.event.SourcePosition;
import io.runwire.fold.Fold;
import io.runwire.frame.EventFrame;

/**
 * A record of thread-events, ready to be sent. Immutable; shared by every reader of its thread.
 *
 * @param log in which it stands
 * @param offset in its partition
 * @param leaderEpoch under which it was written
 * @param timestampMs when the agent's record was appended
 */
public record LogEntry(
    LogIdentity log,
    long offset,
    int leaderEpoch,
    long timestampMs,
    Envelope envelope,
    EventFrame frame) {
  // Objects around the frame's bytes, measured roughly: entry, envelope, ids, index node.
  private static final int OVERHEAD_BYTES = 500;

  String thread() {
    return envelope.thread();
  }

  long sourceOffset() {
    return envelope.src().map(SourcePosition::offset).orElse(Fold.NO_FLOOR);
  }

  /** What it weighs in the window's budget. */
  int bytes() {
    return frame.size() + OVERHEAD_BYTES;
  }
}
