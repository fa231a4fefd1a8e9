package io.runwire.fold;

import io.runwire.event.Envelope;
import io.runwire.event.SourcePosition;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;

/**
 * Exactly-once reading of one thread from an at-least-once log.
 *
 * <p>State per run: (attempt, last seq, ended). A record passes if it starts a newer attempt, or
 * stands next in the current one; everything else is skipped: older attempts, repetitions, what
 * comes after the end, and holes (whoever fills one repeats what follows). A run that the reader
 * does not know, since it joined in the middle, is known from the first record whose source offset
 * lies above the {@code floor}: below it stand records from before the reader's position that a
 * router's crash replay has written again.
 *
 * <p>The map of runs is bounded; the least recently touched run goes first, and the floor rises to
 * the highest source offset of which it passed a record, so that its repetitions cannot pass for a
 * new run's records.
 *
 * <p>Not thread-safe. Its JavaScript twin is {@code ws-edge/client/src/fold.js}; both are tested
 * against {@code schemas/vectors/fold.json}.
 */
public final class Fold {
  /** Runs of a thread that a reader remembers. */
  public static final int DEFAULT_CAPACITY = 64;

  /** The floor of a reader that begins at the start of the log. */
  public static final long NO_FLOOR = -1;

  private final int capacity;
  private final LinkedHashMap<String, Known> runs = new LinkedHashMap<>(8, 0.75f, true);
  private long floor;

  public Fold(int capacity, long floor) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity: " + capacity + " (expected: >= 1)");
    }
    this.capacity = capacity;
    this.floor = floor;
  }

  /** Tells of a run that the reader has up to a position, e.g. from the client that resumes. */
  public void know(String run, RunPosition position) {
    remember(run, new Known(position, NO_FLOOR, false));
  }

  /** Judges the next record of the log, in log order, and advances if it passes. */
  public Verdict apply(Envelope record) {
    Known known = runs.get(record.run());
    Verdict verdict =
        known == null
            ? judgeUnknown(record.src())
            : known.position.judge(record.attempt(), record.seq(), known.mayJump);
    if (verdict == Verdict.PASS) {
      // Not always this record's: once a hole is filled, a crash replay passes what stood beyond
      // it.
      long source =
          Math.max(
              known == null ? NO_FLOOR : known.source,
              record.src().map(SourcePosition::offset).orElse(NO_FLOOR));
      remember(record.run(), new Known(RunPosition.after(record), source, false));
    }
    return verdict;
  }

  /**
   * After a gap notice: every known run may jump forward once, since what is missing is known to be
   * missing. What has ended stays ended, what was handed on stays handed on.
   *
   * @param newFloor the source offset below which unknown runs' records are old news; {@link
   *     #NO_FLOOR} where the log is another one
   */
  public void gap(long newFloor) {
    // Source offsets above the new floor were counted in another log.
    runs.replaceAll(
        (run, known) -> new Known(known.position, Math.min(known.source, newFloor), true));
    floor = newFloor;
  }

  /** How far the reader has come in a run. */
  public Optional<RunPosition> position(String run) {
    return Optional.ofNullable(runs.get(run)).map(Known::position);
  }

  /** The source offset up to which the records of unknown runs are old news. */
  public long floor() {
    return floor;
  }

  private Verdict judgeUnknown(Optional<SourcePosition> src) {
    return src.isEmpty() || src.get().offset() > floor ? Verdict.PASS : Verdict.BELOW_FLOOR;
  }

  private void remember(String run, Known known) {
    runs.put(run, known);
    if (runs.size() > capacity) {
      Iterator<Known> oldest = runs.values().iterator();
      floor = Math.max(floor, oldest.next().source);
      oldest.remove();
    }
  }

  /**
   * What the reader knows of a run.
   *
   * @param source the highest source offset of which a record passed, {@link #NO_FLOOR} for none
   * @param mayJump whether a gap was announced since the run's last record
   */
  private record Known(RunPosition position, long source, boolean mayJump) {}
}
