package io.runwire.loadtest.guarantee;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much of a thread's folded log a client was handed, and what became of the rest.
 *
 * <p>Gap notices cut a client's way into stretches. Within one, from its first to its last event,
 * nothing may be left out; between two, everything may; behind the last, nothing if the client
 * stayed. The first stretch of a client that began at the earliest record begins there.
 */
final class Coverage {
  /** What became of a record that the fold hands on. */
  enum Fate {
    SEEN,
    /** It was not for this client, or the client had gone. */
    NOT_ENTITLED,
    /** A gap notice covers it. */
    ANNOUNCED,
    /** The client saw later ones, and no notice. */
    JUMPED,
    /** The client stayed and never came so far. */
    BEHIND
  }

  private static final long NOWHERE = -1;

  private final History history;
  private final Following following;
  private final ThreadLog thread;
  private final BitSet seen = new BitSet();
  private final List<Stretch> stretches = new ArrayList<>();
  private final Map<Attempt, Long> firstSeen = new HashMap<>();

  Coverage(History history, Following following) {
    this.history = history;
    this.following = following;
    this.thread = history.thread(following.thread);
    walk();
  }

  /** Of the record at that place of the thread's folded log. */
  Fate fate(int place) {
    int record = thread.record(place);
    if (seen.get(record)) {
      return Fate.SEEN;
    }
    if (!entitled(record)) {
      return Fate.NOT_ENTITLED;
    }
    long offset = history.records.offset(record);
    boolean announced = false;
    for (int i = 0; i < stretches.size(); i++) {
      Stretch stretch = stretches.get(i);
      if (stretch.begin <= offset && offset <= stretch.end) {
        return Fate.JUMPED;
      }
      announced |= i > 0 && offset < stretch.begin;
    }
    if (announced) {
      return Fate.ANNOUNCED;
    }
    return following.stayed() ? Fate.BEHIND : Fate.NOT_ENTITLED;
  }

  /**
   * Whether this is a final terminal event whose run the client has up to it, and nothing around it
   * is missing: if it is, then it alone.
   */
  boolean terminalAlone(int place) {
    return history.records.ends(thread.record(place))
        && thread.hasPrevious(place)
        && seen.get(thread.record(thread.previous(place)))
        && !missing(neighbour(place, -1))
        && !missing(neighbour(place, 1));
  }

  private boolean missing(int place) {
    return place >= 0
        && place < thread.size()
        && !seen.get(thread.record(place))
        && entitled(thread.record(place));
  }

  /** The next place in a direction that the client's run filter lets through. */
  private int neighbour(int place, int step) {
    int at = place + step;
    while (at >= 0 && at < thread.size() && !asked(thread.record(at))) {
      at += step;
    }
    return at;
  }

  private boolean asked(int record) {
    return following.asksFor(history.events.run(history.records.event(record)));
  }

  private void walk() {
    Stretch stretch = new Stretch(following.begin == Following.Begin.EARLIEST ? 0 : NOWHERE);
    for (int line = 0; line < following.lines(); line++) {
      if (following.isGap(line)) {
        stretches.add(stretch.closed());
        stretch = new Stretch(NOWHERE);
      } else if (following.isLive(line)) {
        if (following.located(line, history.currentLog)) {
          stretch.reach(following.offset(line));
        }
      } else if (following.sighting(line).counts()) {
        see(line, stretch);
      }
    }
    stretches.add(stretch.closed());
  }

  private void see(int line, Stretch stretch) {
    Events events = history.events;
    int row = following.row(line);
    firstSeen.merge(events.attempt(row), events.seq(row), Math::min);
    if (!events.passed(row)) {
      return;
    }
    int record = events.passedRecord(row);
    seen.set(record);
    Sighting sighting = following.sighting(line);
    if (sighting != Sighting.REPEATED && sighting != Sighting.LATE) {
      // What came is perhaps not the record that a replay passes, but a later copy. Yet behind a
      // gap notice nothing may be left of the copy, and then that it was there does not count.
      // What was altered says of itself neither which copy it is nor where it stood.
      long passed = history.records.offset(record);
      boolean altered = sighting == Sighting.ALTERED;
      boolean ofThisLog = following.inLog(line, history.currentLog) && !altered;
      boolean located = ofThisLog && following.located(line, history.currentLog);
      if (!altered) {
        stretch.reach(ofThisLog ? following.offset(line) : passed);
      }
      stretch.end = Math.max(stretch.end, located ? following.offset(line) : passed);
    }
  }

  private boolean entitled(int record) {
    LogRecords records = history.records;
    int row = records.event(record);
    Attempt attempt = history.events.attempt(row);
    if (!asked(record)
        || !following.entitled(
            records.offset(record), records.source(record), history.currentLog)) {
      return false;
    }
    if (!attempt.holes) {
      return true;
    }
    // Who comes upon what stands behind a hole, by joining or by a gap, takes it for the run's
    // next, and does not wait for what fills the hole.
    return !following.hasGaps()
        && (following.begin == Following.Begin.EARLIEST
            || history.events.seq(row) >= firstSeen.getOrDefault(attempt, Long.MIN_VALUE));
  }

  /** What a client saw between two gap notices. */
  private static final class Stretch {
    private long begin;
    private long end = NOWHERE;

    Stretch(long begin) {
      this.begin = begin;
    }

    /** Something is known of its position; the first such thing is where it begins. */
    void reach(long offset) {
      if (begin == NOWHERE) {
        begin = offset;
      }
    }

    /** A stretch of which no position is known lies beyond everything. */
    Stretch closed() {
      if (begin == NOWHERE) {
        begin = Long.MAX_VALUE;
      }
      return this;
    }
  }
}
