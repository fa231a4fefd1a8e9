package io.runwire.edge.hub;

import io.runwire.fold.Verdict;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ErrorCode;
import io.runwire.frame.GapReason;

/** What the hub counts; called on the delivery loops. */
public interface DeliveryMetrics {
  void judged(Verdict verdict);

  void gap(GapReason reason);

  /** A subscription was told that it cannot be served for now. */
  void unavailable(ErrorCode code);

  /** A client is told an error. */
  void refused(ErrorCode code);

  /** An event was written to a socket. */
  void delivered(int bytes);

  /** From the agent's append to the end of the write, of an event that was not replayed. */
  void latency(long ms);

  void closed(CloseCode code);

  /** One more socket does not drain, or one that did not does again (or is gone). */
  void stalled(int change);

  /**
   * A peer did not do in time what it had to.
   *
   * @param step from 1
   */
  void retried(RetryCause cause, int step);

  /** A socket was given up after all retries. */
  void gaveUp(RetryCause cause);

  /** An event was sent again for want of an ack. */
  void redelivered();
}
