package io.runwire.loadtest.drive;

import io.runwire.event.Envelope;
import io.runwire.event.EventType;
import io.runwire.event.Origin;
import io.runwire.fold.Fold;
import io.runwire.fold.RunPosition;
import io.runwire.fold.Verdict;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far a client has come in its thread: the cursor, and the fold of what lies before it. */
final class Position {
  /** As many runs as a subscribe frame may name, and as the fold remembers. */
  private static final int MAX_RUNS = Fold.DEFAULT_CAPACITY;

  private final Fold fold = new Fold(MAX_RUNS, Fold.NO_FLOOR);

  /** The runs that moved last, the longest untouched first: what the fold knows, but in a list. */
  private final Map<String, RunPosition> runs =
      new LinkedHashMap<>(8, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RunPosition> eldest) {
          return size() > MAX_RUNS;
        }
      };

  private @Nullable String cursor;

  Optional<String> cursor() {
    return Optional.ofNullable(cursor);
  }

  Map<String, RunPosition> runs() {
    return Collections.unmodifiableMap(runs);
  }

  /** The position moved on without an event. */
  void moveTo(String newCursor) {
    cursor = newCursor;
  }

  /**
   * Judges an event and moves behind it, unless something before it is missing, or it is one that
   * is sent again and lies behind.
   */
  Verdict accept(EventHead event) {
    Verdict verdict = fold.apply(envelope(event));
    if (verdict == Verdict.PASS) {
      fold.position(event.run()).ifPresent(reached -> runs.put(event.run(), reached));
    }
    if (verdict == Verdict.PASS || (verdict != Verdict.HOLE && !event.redelivery())) {
      cursor = event.cursor();
    }
    return verdict;
  }

  /** After a gap notice each run may jump once. The cursor stays until something follows. */
  void gap() {
    fold.gap(Fold.NO_FLOOR);
  }

  boolean hasEnded(String run) {
    return fold.position(run)
        .filter(reached -> reached.progress() == RunPosition.Progress.RUN_ENDED)
        .isPresent();
  }

  /**
   * The event as the fold sees it. Of the type it asks only whether it ends the attempt, which the
   * frame says by itself; the source is known to the edge alone.
   */
  private static Envelope envelope(EventHead event) {
    return new Envelope(
        event.thread(),
        event.run(),
        event.attempt(),
        event.seq(),
        event.terminal() ? EventType.RUN_FINISHED : EventType.CUSTOM,
        event.ends(),
        Optional.empty(),
        Origin.AGENT,
        Optional.empty());
  }
}
