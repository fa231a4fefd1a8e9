package io.runwire.edge.http;

import io.runwire.frame.CloseCode;

/** What replays count; any thread. */
public interface ReplayMetrics {
  /** How a replay ended. */
  enum ReplayEnd {
    /** With its last line. */
    COMPLETE,
    /** Before it began: the end asked for is not in this log. */
    REFUSED,
    /** The log could not be read. */
    FAILED,
    /** The edge ended it: {@link #closed} says why. */
    CUT_OFF,
    /** The reader went away. */
    GONE
  }

  /** Records were written to a reader. */
  void replayed(int events, long bytes);

  void replayEnded(ReplayEnd how);

  void closed(CloseCode code);
}
