package io.runwire.loadtest.guarantee;

import java.util.HashMap;
import java.util.Map;

/** Tells of each event that a client was handed what it is. */
final class Classifier {
  private final History history;
  private final Events events;

  Classifier(History history) {
    this.history = history;
    this.events = history.events;
  }

  void classify(Following following) {
    LongIndex seen = new LongIndex();
    Map<Run, Integer> highest = new HashMap<>();
    for (int line = 0; line < following.lines(); line++) {
      if (following.isEvent(line)) {
        int row = following.row(line);
        Sighting sighting = sighting(following, line, seen, highest);
        following.sighted(line, sighting);
        if (sighting.counts()) {
          seen.put(row, line);
          highest.merge(events.run(row), line, (a, b) -> later(following, a, b));
        }
      }
    }
  }

  private Sighting sighting(
      Following following, int line, LongIndex seen, Map<Run, Integer> highest) {
    int row = following.row(line);
    if (foreign(following, row)) {
      return Sighting.FOREIGN;
    }
    if (phantom(following, line)) {
      return Sighting.PHANTOM;
    }
    if (altered(following, line)) {
      return Sighting.ALTERED;
    }
    if (seen.get(row) != LongIndex.NONE) {
      return Sighting.REPEATED;
    }
    Integer last = highest.get(events.run(row));
    if (last == null) {
      return Sighting.FINE;
    }
    if (events.before(row, following.row(last))) {
      return Sighting.LATE;
    }
    return ended(following, last) ? Sighting.AFTER_END : Sighting.FINE;
  }

  private int later(Following following, int line, int other) {
    return events.before(following.row(line), following.row(other)) ? other : line;
  }

  /** Whether that was the end of its run: as the client was told, if it was told the truth. */
  private boolean ended(Following following, int line) {
    return following.sighting(line) == Sighting.ALTERED
        ? history.ends(following.row(line))
        : following.has(line, Following.ENDS);
  }

  private boolean foreign(Following following, int row) {
    Run run = events.run(row);
    return following.begin == Following.Begin.UNASKED
        || !(run.thread.equals(Run.NOWHERE) || run.thread.equals(following.thread))
        || !following.asksFor(run);
  }

  /** The watchdog's last words may have been in a part of the log that is gone. */
  private boolean phantom(Following following, int line) {
    int row = following.row(line);
    boolean maybeWatchdogs =
        following.has(line, Following.ENDS)
            && (following.has(line, Following.BEFORE_DUMP)
                || !following.located(line, history.currentLog));
    return !events.sent(row) && !events.logged(row) && !maybeWatchdogs;
  }

  private boolean altered(Following following, int line) {
    if (following.located(line, history.currentLog)
        && following.has(line, Following.RECORD_KNOWN)) {
      return !following.has(line, Following.AS_RECORD);
    }
    int row = following.row(line);
    return following.has(line, Following.CURSOR_TAKEN)
        || ((events.sent(row) || events.passed(row))
            && !following.has(line, Following.AS_SENT)
            && !following.has(line, Following.AS_PASSED));
  }
}
