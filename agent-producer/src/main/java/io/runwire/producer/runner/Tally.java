package io.runwire.producer.runner;

import java.util.concurrent.atomic.LongAdder;

/** Counts outcomes. Thread-safe. */
final class Tally {
  private final LongAdder finished = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder timedOut = new LongAdder();
  private final LongAdder cancelled = new LongAdder();
  private final LongAdder breakerOpen = new LongAdder();
  private final LongAdder rejected = new LongAdder();
  final LongAdder retried = new LongAdder();
  final LongAdder toolTimeouts = new LongAdder();

  void count(Outcome outcome) {
    if (outcome instanceof Outcome.Finished) {
      finished.increment();
    } else if (outcome instanceof Outcome.Failed) {
      failed.increment();
    } else if (outcome instanceof Outcome.TimedOut) {
      timedOut.increment();
    } else if (outcome instanceof Outcome.Cancelled) {
      cancelled.increment();
    } else if (outcome instanceof Outcome.BreakerOpen) {
      breakerOpen.increment();
    } else if (outcome instanceof Outcome.Rejected) {
      rejected.increment();
    }
  }

  RunnerMetrics snapshot(int going, int abandoned) {
    return new RunnerMetrics(
        finished.sum(),
        failed.sum(),
        timedOut.sum(),
        cancelled.sum(),
        breakerOpen.sum(),
        rejected.sum(),
        retried.sum(),
        toolTimeouts.sum(),
        going,
        abandoned);
  }
}
