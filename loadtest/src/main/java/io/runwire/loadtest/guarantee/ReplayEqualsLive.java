package io.runwire.loadtest.guarantee;

import io.runwire.fold.Verdict;

/**
 * What a client was handed is what a replay of the log hands on, in the same order also across
 * runs. What is missing or comes twice is another guarantee's.
 *
 * <pre>
 * log:      r1 q1 r2 q2 r3.
 * valid:    r1 q1 r2 q2 r3.      valid:  r1 r2 r3.   with the run filter r
 * invalid:  r1 r2 q1 q2 r3.      each run in order, but not as in the log
 * invalid:  r1 q1 r2 q2 q3 r3.   where q3 was sent and never reached the log
 * </pre>
 */
final class ReplayEqualsLive implements Guarantee {
  private static final long UNKNOWN = -1;

  @Override
  public void check(History history, Findings findings) {
    for (Following following : history.followings) {
      check(history, following, findings);
    }
  }

  private static void check(History history, Following following, Findings findings) {
    long last = UNKNOWN;
    for (int line = 0; line < following.lines(); line++) {
      if (following.isGap(line)) {
        last = UNKNOWN; // the log may be another one, or shorter than it was
      } else if (following.isEvent(line) && following.sighting(line) == Sighting.FINE) {
        int row = following.row(line);
        long offset = offset(history, following, line);
        findings.checked();
        if (offset != UNKNOWN && offset <= last) {
          findings.broken(
              () -> history.describe(following, row) + ": the log has it before what was shown");
        } else if (notReplayed(history, following, line)) {
          findings.broken(() -> history.describe(following, row) + ": no replay shows it");
        }
        last = Math.max(last, offset);
      }
    }
  }

  private static long offset(History history, Following following, int line) {
    if (following.offset(line) != Following.NO_OFFSET) {
      return following.offset(line);
    }
    int row = following.row(line);
    // Who joined in the middle may have been handed a later copy.
    return history.events.passed(row) && following.begin == Following.Begin.EARLIEST
        ? history.records.offset(history.events.passedRecord(row))
        : UNKNOWN;
  }

  /**
   * A hole is {@link NoSilentGap}'s. A confirmed event that the log lacks is {@link NothingLost}'s,
   * also where its record is left: with {@code 1} lost from {@code 1 3 4 2 3 4}, a replay begins at
   * 3 and skips 2, but who joins behind the first 4 is shown it.
   */
  private static boolean notReplayed(History history, Following following, int line) {
    Events events = history.events;
    int row = following.row(line);
    if (events.passed(row) || LogLosses.lost(history, row)) {
      return false;
    }
    if (events.logged(row)) {
      return !events.judged(row, Verdict.HOLE);
    }
    return following.located(line, history.currentLog)
        && !following.has(line, Following.BEFORE_DUMP);
  }
}
