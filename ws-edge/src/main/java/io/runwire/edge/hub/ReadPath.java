package io.runwire.edge.hub;

import io.runwire.cursor.LogIdentity;
import io.runwire.edge.settings.RetrySettings;
import io.runwire.fold.Verdict;
import io.runwire.frame.GapReason;
import java.time.Clock;

/**
 * What every subscription reads through: windows, the log behind them, the locator, the clock; how
 * long it waits for its client, and where it says what came of it.
 */
record ReadPath(
    LogSource log,
    Windows windows,
    ReadBudget budget,
    Locator locator,
    Clock clock,
    RetrySettings retries,
    DeliveryMetrics metrics,
    DeliveryEvidence evidence) {
  Window window(int partition) {
    return windows.window(partition);
  }

  LogIdentity identity() {
    return log.identity();
  }

  long nowMs() {
    return clock.millis();
  }

  void judged(Verdict verdict) {
    metrics.judged(verdict);
  }

  void gap(GapReason reason) {
    metrics.gap(reason);
  }
}
