package io.runwire.loadtest.guarantee;

/**
 * The watchdog ends no run whose agent is at work: one that Kafka confirmed an event to shortly
 * before the watchdog's word, and another one after it.
 *
 * <p>An agent that stood still, or was cut off from Kafka, for its timeout and then goes on was
 * given up for good reason.
 *
 * <pre>
 * valid:    1 at 0 s, 2 at 1 s, W at 61 s, 3 at 70 s
 * invalid:  1 at 0 s, 2 at 1 s, W at 2 s, 3 at 3 s
 * </pre>
 */
final class NoHealthyRunEnded implements Guarantee {
  /** No agent of a proof may be silent for less. */
  private static final long AT_WORK_MS = 5_000;

  @Override
  public void check(History history, Findings findings) {
    for (Run run : history.runs.values()) {
      if (run.finalRecord != LogRecords.NONE) {
        check(history, run, findings);
      }
    }
  }

  private static void check(History history, Run run, Findings findings) {
    LogRecords records = history.records;
    Events events = history.events;
    boolean byWatchdog = records.byWatchdog(run.finalRecord);
    long wordMs = records.ms(run.finalRecord);
    Attempt attempt = events.attempt(records.event(run.finalRecord));
    boolean before = false;
    boolean after = false;
    for (int seq = 1; seq <= attempt.last(); seq++) {
      int row = attempt.row(seq);
      if (row != Events.NONE && events.acknowledged(row)) {
        findings.checked();
        before |= events.ackedMs(row) <= wordMs && events.ackedMs(row) > wordMs - AT_WORK_MS;
        after |= events.handedMs(row) > wordMs;
      }
    }
    if (byWatchdog && before && after) {
      findings.broken(
          () -> "thread " + run.thread + " run " + run.id + ": ended while its agent was at work");
    }
  }
}
