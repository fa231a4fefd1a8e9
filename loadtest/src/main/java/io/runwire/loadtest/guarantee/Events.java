package io.runwire.loadtest.guarantee;

import io.runwire.fold.Verdict;
import io.runwire.loadtest.journal.Sent;
import io.runwire.loadtest.journal.Sent.Result;
import java.util.ArrayList;
import java.util.List;

/**
 * Every event that a journal tells of, by (run, attempt, seq), one row each: what its producer knew
 * and where the log has it. Some 60 bytes a row.
 */
final class Events {
  /** No row. */
  static final int NONE = -1;

  private static final byte NOT_SENT = -1;
  private static final byte ENDS = 1;
  private static final byte TWO_VALUES = 2;
  private static final byte SETTLED = 4;

  private final List<Attempt> attempts = new ArrayList<>();
  private final LongColumn seqs = new LongColumn();
  private final ByteColumn results = new ByteColumn();
  private final ByteColumn facts = new ByteColumn();
  private final LongColumn hashes = new LongColumn();
  private final LongColumn handedMs = new LongColumn();
  private final LongColumn ackedMs = new LongColumn();
  private final IntColumn passed = new IntColumn();
  private final ByteColumn verdicts = new ByteColumn();

  int size() {
    return attempts.size();
  }

  /** The row of that event; made where there is none. */
  int row(Run run, int number, long seq) {
    Attempt attempt = run.attempt(number);
    int row = attempt.row(seq);
    if (row == NONE) {
      row = attempts.size();
      attempts.add(attempt);
      attempt.add(seq, row);
      seqs.add(seq);
      results.add(NOT_SENT);
      facts.add((byte) 0);
      hashes.add(0);
      handedMs.add(Long.MAX_VALUE);
      ackedMs.add(Long.MAX_VALUE);
      passed.add(LogRecords.NONE);
      verdicts.add((byte) 0);
    }
    return row;
  }

  /** Takes note of a producer's line. */
  void sent(int row, Sent sent) {
    if (!sent(row)) {
      hashes.set(row, sent.hash());
      set(row, sent.ends() ? ENDS : 0);
    } else if (hashes.get(row) != sent.hash()) {
      set(row, TWO_VALUES);
    }
    results.set(row, (byte) Math.max(results.get(row), sent.result().ordinal()));
    handedMs.set(row, Math.min(handedMs.get(row), sent.ms()));
    if (sent.result() == Result.ACKED) {
      ackedMs.set(row, Math.min(ackedMs.get(row), sent.ms()));
    }
  }

  /** Takes note of a record that the fold judged so; {@code record} is kept where it passes. */
  void logged(int row, Verdict verdict, int record) {
    verdicts.set(row, (byte) (verdicts.get(row) | 1 << verdict.ordinal()));
    if (verdict == Verdict.PASS && !passed(row)) {
      passed.set(row, record);
    }
  }

  void settled(int row) {
    set(row, SETTLED);
  }

  Attempt attempt(int row) {
    return attempts.get(row);
  }

  Run run(int row) {
    return attempts.get(row).run;
  }

  long seq(int row) {
    return seqs.get(row);
  }

  /** Whether this stands before the other in their run. */
  boolean before(int row, int other) {
    int byAttempt = Integer.compare(attempt(row).number, attempt(other).number);
    return byAttempt < 0 || (byAttempt == 0 && seq(row) < seq(other));
  }

  /** The event before it in its attempt, or {@link #NONE}. */
  int previous(int row) {
    return attempt(row).row(seq(row) - 1);
  }

  /** Whether a producer's journal has it. */
  boolean sent(int row) {
    return results.get(row) != NOT_SENT;
  }

  boolean acknowledged(int row) {
    return results.get(row) == Result.ACKED.ordinal();
  }

  /** Whether it and all lower ones of its attempt are acknowledged. */
  boolean settledAlready(int row) {
    return has(row, SETTLED);
  }

  /** Whether it ends its run, as its producer says. */
  boolean ends(int row) {
    return has(row, ENDS);
  }

  /** Whether producers sent two different values under this identity. */
  boolean twoValues(int row) {
    return has(row, TWO_VALUES);
  }

  /** Of the value as it was sent first. */
  long hash(int row) {
    return hashes.get(row);
  }

  /** When it was first handed to Kafka. */
  long handedMs(int row) {
    return handedMs.get(row);
  }

  /** When Kafka had confirmed it. */
  long ackedMs(int row) {
    return ackedMs.get(row);
  }

  /** Whether the folded log has it. */
  boolean passed(int row) {
    return passed.get(row) != LogRecords.NONE;
  }

  /** The record by which the folded log has it, or {@link LogRecords#NONE}. */
  int passedRecord(int row) {
    return passed.get(row);
  }

  /** Whether the log has it at all. */
  boolean logged(int row) {
    return verdicts.get(row) != 0;
  }

  /** Whether the log has a record of it that the fold judged so. */
  boolean judged(int row, Verdict verdict) {
    return (verdicts.get(row) & 1 << verdict.ordinal()) != 0;
  }

  /** For a person: which event this is. */
  String describe(int row) {
    Run run = run(row);
    return "thread "
        + (run.thread.equals(Run.NOWHERE) ? "(none)" : run.thread)
        + " run "
        + run.id
        + " attempt "
        + attempt(row).number
        + " seq "
        + seq(row);
  }

  private boolean has(int row, byte fact) {
    return (facts.get(row) & fact) != 0;
  }

  private void set(int row, int fact) {
    facts.set(row, (byte) (facts.get(row) | fact));
  }
}
