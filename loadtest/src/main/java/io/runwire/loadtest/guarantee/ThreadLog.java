package io.runwire.loadtest.guarantee;

import java.util.HashMap;
import java.util.Map;

/** What the fold hands on of a thread, in log order: what a replay of it shows. */
final class ThreadLog {
  private static final int NONE = -1;

  private final IntColumn records = new IntColumn();
  private final IntColumn previousOfRun = new IntColumn();
  private final Map<Run, Integer> lastOfRun = new HashMap<>();

  /** When the last gap notice went to a client that follows it. */
  long gapToldMs = Long.MIN_VALUE;

  void add(Run run, int record) {
    Integer previous = lastOfRun.put(run, records.size());
    previousOfRun.add(previous == null ? NONE : previous);
    records.add(record);
  }

  int size() {
    return records.size();
  }

  int record(int place) {
    return records.get(place);
  }

  /** Whether its run has an earlier event here. */
  boolean hasPrevious(int place) {
    return previousOfRun.get(place) != NONE;
  }

  /** Where its run's event before stands. */
  int previous(int place) {
    return previousOfRun.get(place);
  }
}
