package io.runwire.loadtest.guarantee;

import io.runwire.fold.Verdict;
import io.runwire.loadtest.guarantee.Coverage.Fate;
import java.util.HashMap;
import java.util.Map;

/**
 * Between two events that a client was handed of a thread, it was handed all that stands between
 * them in the log, or a gap notice stands between them. For a client that began at the earliest
 * record, also before the first; for one that joined in the middle, from its first position on.
 * Hence seq is dense in each attempt, except where the client joined and after a notice.
 *
 * <p>Only the server's notices count: a client that finds a hole by itself and says so was not
 * told.
 *
 * <pre>
 * valid:    1 2 3 4.            valid:  1 2 (gap) 4.
 * valid:    3 4.                from latest
 * invalid:  1 2 4.              3 was jumped over, and nobody said so
 * invalid:  q1 q2.              where all of another run stands between q1 and q2
 * </pre>
 */
final class NoSilentGap implements Guarantee {
  @Override
  public void check(History history, Findings findings) {
    for (Following following : history.followings) {
      checkAgainstLog(history, following, findings);
      checkBeyondHoles(history, following, findings);
    }
  }

  private static void checkAgainstLog(History history, Following following, Findings findings) {
    Coverage coverage = new Coverage(history, following);
    ThreadLog thread = history.thread(following.thread);
    for (int place = 0; place < thread.size(); place++) {
      Fate fate = coverage.fate(place);
      int row = history.records.event(thread.record(place));
      if (fate == Fate.SEEN) {
        findings.checked();
      } else if (fate == Fate.ANNOUNCED) {
        findings.excused();
      } else if (fate == Fate.JUMPED && !coverage.terminalAlone(place)) {
        findings.checked();
        findings.broken(() -> history.describe(following, row) + ": jumped over");
      }
    }
  }

  /** What the log itself lacks can be jumped over, too: the fold stops at a hole. */
  private static void checkBeyondHoles(History history, Following following, Findings findings) {
    Events events = history.events;
    LongIndex seen = new LongIndex();
    Map<Run, Integer> lastLine = new HashMap<>();
    int gapAt = -1;
    for (int line = 0; line < following.lines(); line++) {
      if (following.isGap(line)) {
        gapAt = line;
      } else if (following.isEvent(line) && following.sighting(line).counts()) {
        int row = following.row(line);
        int previous = events.previous(row);
        Integer before = lastLine.put(events.run(row), line);
        boolean jumped =
            following.sighting(line) == Sighting.FINE
                && events.judged(row, Verdict.HOLE)
                && !events.passed(row)
                && (previous == Events.NONE || seen.get(previous) == LongIndex.NONE)
                && before != null
                && before > gapAt;
        seen.put(row, line);
        if (jumped) {
          findings.broken(
              () -> history.describe(following, row) + ": handed on beyond a hole in the log");
        }
      }
    }
  }
}
