package io.runwire.loadtest.guarantee;

import io.runwire.loadtest.guarantee.Coverage.Fate;

/**
 * Every run that began in the log ends in it, once, by its agent or by the watchdog; a client that
 * was handed a run up to its end is handed the end, and nothing of the run after it.
 *
 * <p>A run whose end is missing together with events before it is {@link NothingLost}'s or {@link
 * NoSilentGap}'s.
 *
 * <pre>
 * valid:    1 2 3.
 * valid:    1 2 3 1' 2'.    attempt one failed (final:false), attempt two ended the run
 * valid:    1 2 3           and all routers halted for good before a watchdog could end it
 * invalid:  1 2 3           and the agent is gone
 * invalid:  1 2 3. 4.       invalid:  1 2 3. 4
 * </pre>
 */
final class ExactlyOneFinalTerminal implements Guarantee {
  @Override
  public void check(History history, Findings findings) {
    for (Run run : history.runs.values()) {
      checkLog(history, run, findings);
    }
    for (Following following : history.followings) {
      checkClient(history, following, findings);
    }
    Sightings.each(
        history,
        findings,
        (following, line, sighting) ->
            sighting == Sighting.AFTER_END ? "after the end of its run" : Sightings.FINE);
  }

  private static void checkLog(History history, Run run, Findings findings) {
    Events events = history.events;
    boolean began = false;
    boolean incomplete = false;
    boolean explained = false;
    long lastMs = Long.MIN_VALUE;
    for (Attempt attempt : run.attempts()) {
      for (int seq = 1; seq <= attempt.last(); seq++) {
        int row = attempt.row(seq);
        if (row != Events.NONE) {
          began |= events.passed(row);
          incomplete |= LogLosses.lost(history, row);
          explained |= events.ends(row) && LogLosses.explained(history, row);
          lastMs = events.sent(row) ? Math.max(lastMs, events.handedMs(row)) : lastMs;
        }
      }
    }
    if (!began) {
      return;
    }
    findings.checked();
    if (run.finalRecord != LogRecords.NONE || incomplete) {
      return;
    }
    if (explained || LogLosses.openWhenHalted(history, lastMs)) {
      findings.excused();
    } else {
      findings.broken(() -> "thread " + run.thread + " run " + run.id + ": never ended");
    }
  }

  private static void checkClient(History history, Following following, Findings findings) {
    Coverage coverage = new Coverage(history, following);
    ThreadLog thread = history.thread(following.thread);
    for (int place = 0; place < thread.size(); place++) {
      if (coverage.terminalAlone(place)) {
        int row = history.records.event(thread.record(place));
        Fate fate = coverage.fate(place);
        findings.checked();
        if (fate == Fate.JUMPED || fate == Fate.BEHIND) {
          findings.broken(() -> history.describe(following, row) + ": the end never came");
        }
      }
    }
  }
}
