package io.runwire.loadtest.guarantee;

import io.runwire.loadtest.guarantee.Coverage.Fate;

/**
 * What Kafka confirmed, with all lower seq of its attempt, is in the folded log; and what is in the
 * folded log reaches every client that is entitled to it and stayed.
 *
 * <p>Who ends a run that lost an event is as a rule the watchdog: what was confirmed before the
 * watchdog's word was written is lost all the same.
 *
 * <p>Entitled is who began at the earliest record to all of the thread, everybody else to what was
 * written behind the first position that it knows of; within its run filter. Stayed has who was
 * connected to the end or closed normally (1000). Not lost is what came after the end of its run or
 * after the start of a newer attempt, what a gap notice covers, what was written when the routers
 * had halted for good and said so, and what was deleted from the log's beginning on purpose. An
 * event that was jumped over is {@link NoSilentGap}'s, a final terminal event that alone is missing
 * {@link ExactlyOneFinalTerminal}'s.
 *
 * <pre>
 * valid:    sent 1 2 3 4.   logged 1 2 3 4.   seen 1 2 3 4.
 * valid:    sent 1 2 3? 4   logged 1 2        3 was never confirmed, so 4 is not settled
 * invalid:  sent 1 2 3 4.   logged 1 2 3 4.   seen 1 2
 * invalid:  sent 1 2 3 4.   logged 1 2 4.     3 is missing and 4 cannot be handed on
 * invalid:  sent 1 2 3 4.   logged 1 2 W.     the watchdog missed what the router had lost
 * </pre>
 */
final class NothingLost implements Guarantee {
  @Override
  public void check(History history, Findings findings) {
    checkLog(history, findings);
    for (Following following : history.followings) {
      checkClient(history, following, findings);
    }
  }

  private static void checkLog(History history, Findings findings) {
    Events events = history.events;
    for (int row = 0; row < events.size(); row++) {
      int event = row;
      if (!events.settledAlready(row)) {
        continue;
      }
      if (history.arrived(row)) {
        findings.checked();
      } else if (LogLosses.explained(history, row)) {
        findings.excused();
      } else if (LogLosses.lost(history, row)) {
        findings.checked();
        findings.broken(
            () ->
                events.describe(event)
                    + (events.logged(event)
                        ? ": confirmed, and no reader will pass the log's record"
                        : ": confirmed, and not in the log"));
      }
    }
  }

  private static void checkClient(History history, Following following, Findings findings) {
    Coverage coverage = new Coverage(history, following);
    ThreadLog thread = history.thread(following.thread);
    for (int place = 0; place < thread.size(); place++) {
      Fate fate = coverage.fate(place);
      int row = history.records.event(thread.record(place));
      if (fate == Fate.SEEN) {
        findings.checked();
      } else if (fate == Fate.BEHIND && !coverage.terminalAlone(place)) {
        findings.checked();
        findings.broken(() -> history.describe(following, row) + ": never came");
      }
    }
  }
}
