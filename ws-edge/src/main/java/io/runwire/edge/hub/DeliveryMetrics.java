package io.runwire.edge.hub;

import io.runwire.fold.Verdict;
import io.runwire.frame.CloseCode;
import io.runwire.frame.GapReason;

/** What the hub counts; called on the delivery loops. */
public interface DeliveryMetrics {
  void judged(Verdict verdict);

  void gap(GapReason reason);

  /** Frames and bytes handed to sockets in one batch. */
  void written(int frames, long bytes);

  void closed(CloseCode code);
}
