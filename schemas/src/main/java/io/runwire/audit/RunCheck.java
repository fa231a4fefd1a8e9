package io.runwire.audit;

import io.runwire.event.Envelope;
import io.runwire.event.EventType;
import io.runwire.fold.Fold;
import io.runwire.fold.RunPosition;
import io.runwire.fold.Verdict;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads one run through the fold, as its readers did: repetitions are skipped, {@code seq} is dense
 * from 1 in each attempt, and one final terminal event ends it. A hole that a later repetition did
 * not fill is what is missing.
 */
final class RunCheck {
  private final String run;
  private final Fold fold = new Fold(1, Fold.NO_FLOOR);

  /** The first hole of each attempt, until it is filled. */
  private final Map<Integer, Hole> holes = new LinkedHashMap<>();

  private int firstAttempt;
  private int attempts;
  private long events;
  private long lastTimestampMs;
  private Optional<EventType> end = Optional.empty();

  RunCheck(String run) {
    this.run = run;
  }

  void add(Envelope envelope, StoredRecord record) {
    if (!envelope.run().equals(run)) {
      return;
    }
    Optional<RunPosition> before = fold.position(run);
    if (before.isEmpty() && envelope.seq() > 1) {
      holes.putIfAbsent(
          envelope.attempt(), new Hole(envelope.attempt(), 0, envelope.seq(), record.offset()));
      return; // the fold would take the run up in the middle
    }
    Verdict verdict = fold.apply(envelope);
    if (verdict == Verdict.HOLE) {
      long from =
          before.filter(b -> b.attempt() == envelope.attempt()).map(RunPosition::seq).orElse(0L);
      holes.putIfAbsent(
          envelope.attempt(), new Hole(envelope.attempt(), from, envelope.seq(), record.offset()));
    } else if (verdict == Verdict.PASS) {
      passed(envelope, record, before);
    }
  }

  private void passed(Envelope envelope, StoredRecord record, Optional<RunPosition> before) {
    firstAttempt = events == 0 ? envelope.attempt() : firstAttempt;
    events++;
    lastTimestampMs = record.timestampMs();
    if (before.isEmpty() || before.get().attempt() != envelope.attempt()) {
      attempts++;
    }
    Hole hole = holes.get(envelope.attempt());
    if (hole != null && envelope.seq() >= hole.before()) {
      holes.remove(envelope.attempt());
    }
    if (envelope.ends()) {
      end = Optional.of(envelope.type());
    }
  }

  /** What is missing between the events that are there. */
  List<Hole> holes() {
    return List.copyOf(holes.values());
  }

  /** The type of the event that ended the run. */
  Optional<EventType> end() {
    return end;
  }

  long events() {
    return events;
  }

  /** The attempt with which it begins here; 0 where there is no event. */
  int firstAttempt() {
    return firstAttempt;
  }

  int attempts() {
    return attempts;
  }

  /** When the last event was appended, in milliseconds since the epoch. */
  long lastTimestampMs() {
    return lastTimestampMs;
  }

  /**
   * Missing events of an attempt, between {@code after} and {@code before}; 0 for the attempt's
   * start.
   *
   * @param offset of the record behind the hole
   */
  record Hole(int attempt, long after, long before, long offset) {
    /** Whether the run's own beginning is missing. */
    boolean atStart() {
      return after == 0;
    }

    @Override
    public String toString() {
      long last = before - 1;
      return "attempt "
          + attempt
          + ", seq "
          + (after + 1)
          + (after + 1 == last ? "" : " to " + last)
          + ", before offset "
          + offset;
    }
  }
}
