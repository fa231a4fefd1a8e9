package io.runwire.loadtest.guarantee;

import java.util.SortedMap;
import java.util.TreeMap;

/** A run as the journals tell of it. */
final class Run {
  /** The thread of a run that nobody sent and the log does not hold. */
  static final String NOWHERE = "";

  final String id;

  /** Where it belongs: its producer says so, or the log where no producer does. */
  String thread = NOWHERE;

  /** The record that ends it for good in the folded log, or {@link LogRecords#NONE}. */
  int finalRecord = LogRecords.NONE;

  private final TreeMap<Integer, Attempt> attempts = new TreeMap<>();

  Run(String id) {
    this.id = id;
  }

  Attempt attempt(int number) {
    return attempts.computeIfAbsent(number, n -> new Attempt(this, n));
  }

  /** Its attempts by number. */
  Iterable<Attempt> attempts() {
    return attempts.values();
  }

  /** The attempts after that one. */
  SortedMap<Integer, Attempt> after(Attempt attempt) {
    return attempts.tailMap(attempt.number, false);
  }
}
