package io.runwire.loadtest.guarantee;

/** Tells which confirmed events that are missing in the folded log are lost. */
final class LogLosses {
  /** From the change of the log that makes routers halt to their last word, with some reserve. */
  private static final long NOTICED_WITHIN_MS = 10_000;

  /** So long a run may be silent before a watchdog ends it, where its agent names no time. */
  private static final long SILENT_FOR_MS = 60_000;

  private LogLosses() {}

  /**
   * Whether the routers halted for good before the silence of a run could have run out: there was
   * no watchdog any more to end it, and an operator had been called.
   *
   * @param lastMs when the last of its events was handed over
   */
  static boolean openWhenHalted(History history, long lastMs) {
    return lastMs >= history.haltedSinceMs - NOTICED_WITHIN_MS - SILENT_FOR_MS;
  }

  /**
   * Whether the absence of a confirmed event from the folded log was announced, or meant: by a gap
   * notice, by routers that halted for good at that time or before, by the end of retention.
   */
  static boolean explained(History history, int row) {
    Run run = history.events.run(row);
    return history.thread(run.thread).gapToldMs >= history.events.handedMs(row)
        || history.events.handedMs(row) >= history.haltedSinceMs - NOTICED_WITHIN_MS
        || cutOff(history, row);
  }

  /**
   * Whether a confirmed event is lost. A final terminal event whose predecessor is there is left to
   * {@link ExactlyOneFinalTerminal}.
   */
  static boolean lost(History history, int row) {
    Events events = history.events;
    if (!events.settledAlready(row)
        || history.arrived(row)
        || history.superseded(row)
        || explained(history, row)) {
      return false;
    }
    int previous = events.previous(row);
    return !(events.ends(row) && previous != Events.NONE && events.passed(previous));
  }

  /** Whether it belonged to the oldest part of a partition, and that is gone. */
  private static boolean cutOff(History history, int row) {
    Events events = history.events;
    LogRecords records = history.records;
    for (Attempt attempt : events.run(row).attempts()) {
      for (int seq = 1; seq <= attempt.last(); seq++) {
        int first = attempt.row(seq);
        if (first != Events.NONE && events.passed(first)) {
          return events.before(row, first)
              && records.cutOff(records.partition(events.passedRecord(first)));
        }
      }
    }
    return records.cutOff();
  }
}
