package io.runwire.loadtest.guarantee;

import java.util.HashMap;
import java.util.Map;

/** An attempt of a run, and where its events stand in {@link Events}. */
final class Attempt {
  /** How far a seq may lie beyond all before it and still be kept in the row of its kind. */
  private static final int STRIDE = 1 << 12;

  final Run run;
  final int number;

  /** Whether the log has an event of it before one that precedes it. */
  boolean holes;

  /** Where its producer ended it, for good or not. */
  long terminalSeq = Long.MAX_VALUE;

  private final IntColumn bySeq = new IntColumn();
  private final Map<Long, Integer> strays = new HashMap<>();

  Attempt(Run run, int number) {
    this.run = run;
    this.number = number;
  }

  /** The row of that event, or {@link Events#NONE}. */
  int row(long seq) {
    if (seq >= 1 && seq <= bySeq.size() && bySeq.get((int) seq - 1) != Events.NONE) {
      return bySeq.get((int) seq - 1);
    }
    return strays.getOrDefault(seq, Events.NONE);
  }

  void add(long seq, int row) {
    if (seq < 1 || seq > bySeq.size() + STRIDE) {
      strays.put(seq, row);
      return;
    }
    while (bySeq.size() < seq) {
      bySeq.add(Events.NONE);
    }
    bySeq.set((int) seq - 1, row);
  }

  /** The highest seq of the row of its kind. */
  int last() {
    return bySeq.size();
  }
}
