package io.runwire.processor.ledger;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.fold.RunPosition;
import io.runwire.fold.RunPosition.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * One run as the ledger has it: the row of the store and of run-ledger, and of the answers.
 *
 * @param attempt the current one
 * @param startedAt stamp of the run's first record, in ms since the epoch
 * @param endedAt stamp of its final terminal event, absent while it goes on
 * @param events of the current attempt
 * @param error of the last RUN_ERROR, until another attempt starts
 * @param timeoutMs the silence that the agent asked the watchdog to bear, where it did
 * @param partition of thread-events
 * @param firstOffset of the run's first record in thread-events
 * @param firstSourceOffset of the same record in agent-events; −1 where it does not say
 * @param lastOffset of the last record that counted, in thread-events
 * @param lastSeq of that record
 * @param lastAt its stamp, in ms since the epoch
 * @param activeMs how long the run has been going on, by its records' stamps; no silence counts for
 *     more than it may last, so that a clock that steps does not make a run old
 * @param agent the name of the agent, where it said so
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true) // a newer processor may have written it
public record LedgerRow(
    String run,
    String thread,
    int attempt,
    RunStatus status,
    long startedAt,
    @Nullable Long endedAt,
    long events,
    @Nullable RunFailure error,
    @Nullable Long timeoutMs,
    int partition,
    long firstOffset,
    long firstSourceOffset,
    long lastOffset,
    long lastSeq,
    long lastAt,
    long activeMs,
    @Nullable String agent) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Whether nothing more will come of the run. */
  public boolean ended() {
    return position().progress() == Progress.RUN_ENDED;
  }

  /** How far the run has come, for the fold. */
  RunPosition position() {
    Progress progress =
        switch (status) {
          case RUNNING -> Progress.OPEN;
          case RETRYING -> Progress.ATTEMPT_ENDED;
          case FINISHED, ERROR -> Progress.RUN_ENDED;
        };
    return new RunPosition(attempt, lastSeq, progress);
  }

  /** The row as JSON. */
  byte[] encode() {
    try {
      return MAPPER.writeValueAsBytes(this);
    } catch (IOException e) {
      throw new UncheckedIOException("a ledger row is always JSON", e);
    }
  }

  static LedgerRow decode(byte[] json) {
    try {
      return MAPPER.readValue(json, LedgerRow.class);
    } catch (IOException e) {
      throw new UncheckedIOException("not a ledger row", e);
    }
  }
}
