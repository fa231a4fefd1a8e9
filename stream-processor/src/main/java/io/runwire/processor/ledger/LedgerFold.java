package io.runwire.processor.ledger;

import io.runwire.event.Envelope;
import io.runwire.event.EventType;
import io.runwire.event.SourcePosition;
import io.runwire.fold.RunPosition;
import io.runwire.fold.RunPosition.Progress;
import io.runwire.fold.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a record changes its run's row. Pure; a row only ever moves on to a greater (attempt, seq),
 * so that records that are read again change nothing.
 */
final class LedgerFold {
  /**
   * What came of a record.
   *
   * @param verdict of the readers' fold
   * @param row what the ledger has afterwards, changed only where the record passed
   */
  record Outcome(Verdict verdict, LedgerRow row) {}

  /** Where in thread-events a record stands. */
  record Place(int partition, long offset, long timestampMs) {}

  /** How long an agent may be silent that names no {@code timeout-ms}; the contract's. */
  private static final Duration SILENCE = Duration.ofSeconds(60);

  private LedgerFold() {}

  /**
   * Folds a record.
   *
   * @param agent the name that it carries
   * @param failure what the event says, if it is a RUN_ERROR
   */
  static Outcome apply(
      @Nullable LedgerRow row,
      Envelope event,
      Optional<String> agent,
      Supplier<RunFailure> failure,
      Place place) {
    if (row != null) {
      Verdict verdict = row.position().judge(event);
      if (verdict != Verdict.PASS) {
        return new Outcome(verdict, row);
      }
    }
    Progress progress = RunPosition.after(event).progress();
    boolean sameAttempt = row != null && row.attempt() == event.attempt();
    LedgerRow next =
        new LedgerRow(
            event.run(),
            event.thread(),
            event.attempt(),
            status(progress, event.type()),
            row == null ? place.timestampMs() : row.startedAt(),
            progress == Progress.RUN_ENDED ? place.timestampMs() : null,
            sameAttempt && row != null ? row.events() + 1 : 1,
            event.type() == EventType.RUN_ERROR ? failure.get() : null,
            timeoutMs(event, sameAttempt ? row : null),
            place.partition(),
            row == null ? place.offset() : row.firstOffset(),
            row == null ? sourceOffset(event) : row.firstSourceOffset(),
            place.offset(),
            event.seq(),
            place.timestampMs(),
            row == null ? 0 : row.activeMs() + silenceMs(row, place.timestampMs()),
            agent.orElse(row == null ? null : row.agent()));
    return new Outcome(Verdict.PASS, next);
  }

  /** Offset in agent-events, −1 where the record does not say. */
  static long sourceOffset(Envelope event) {
    return event.src().map(SourcePosition::offset).orElse(-1L);
  }

  private static long silenceMs(LedgerRow row, long nowMs) {
    Long asked = row.timeoutMs();
    long mayLastMs = asked == null ? SILENCE.toMillis() : asked;
    return Math.max(0, Math.min(nowMs - row.lastAt(), mayLastMs));
  }

  private static RunStatus status(Progress progress, EventType type) {
    return switch (progress) {
      case OPEN -> RunStatus.RUNNING;
      case ATTEMPT_ENDED -> RunStatus.RETRYING;
      case RUN_ENDED -> type == EventType.RUN_ERROR ? RunStatus.ERROR : RunStatus.FINISHED;
    };
  }

  private static @Nullable Long timeoutMs(Envelope event, @Nullable LedgerRow sameAttempt) {
    return event
        .timeout()
        .map(Duration::toMillis)
        .orElseGet(() -> sameAttempt == null ? null : sameAttempt.timeoutMs());
  }
}
