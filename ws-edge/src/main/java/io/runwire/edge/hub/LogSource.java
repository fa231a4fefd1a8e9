package io.runwire.edge.hub;

import io.runwire.cursor.LogIdentity;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/**
 * What the hub needs of the log. Every stage completes within a deadline, on any thread; it
 * completes exceptionally with {@link LogUnavailableException} when the log cannot be read now.
 */
public interface LogSource {
  /** Which log this is; changes when a topic was created again. */
  LogIdentity identity();

  /** Whether it cannot be reached now: what is new may not come. */
  boolean away();

  /** Begins to follow a partition: its window opens at the log's end as soon as may be. */
  void attach(int partition);

  /** Stops following a partition and closes its window. */
  void detach(int partition);

  /** Where the partition begins and ends, and behind that: where its source ends. */
  CompletionStage<Bounds> bounds(int partition);

  /**
   * Whether a position still stands in the log.
   *
   * @param leaderEpoch of the record before it, {@link io.runwire.cursor.Cursor#NO_EPOCH} where it
   *     is not known
   * @param notBeforeMs records older than this may not be read; empty for no limit
   */
  CompletionStage<Standing> locate(
      int partition, long offset, int leaderEpoch, OptionalLong notBeforeMs);

  /** The offset of the first record stamped with that time or later; the end if there is none. */
  CompletionStage<Long> since(int partition, long timestampMs);

  /** Reads a piece of a thread's history; who does not want it any more may cancel the read. */
  CompletionStage<Chunk> read(HistoryRead read);

  /**
   * The ends of a partition.
   *
   * @param start of the partition in thread-events
   * @param end of it
   * @param endEpoch the leader epoch of the record before {@code end}, {@link
   *     io.runwire.cursor.Cursor#NO_EPOCH} where there is none
   * @param sourceEnd of the partition in agent-events, read after {@code end}
   */
  record Bounds(long start, long end, int endEpoch, long sourceEnd) {}

  /**
   * A piece of history.
   *
   * @param entries of the thread asked for
   * @param next the position behind what was scanned; above {@code from} even where nothing matched
   * @param leaderEpoch of the record before {@code next}, {@link io.runwire.cursor.Cursor#NO_EPOCH}
   *     where it is not known
   */
  record Chunk(List<LogEntry> entries, long next, int leaderEpoch) {}

  /** How a position stands in the log. */
  sealed interface Standing {}

  /**
   * It can be read from.
   *
   * @param leaderEpoch of the record before it, as it stands there
   */
  record Within(int leaderEpoch) implements Standing {}

  /** It lies before the oldest record. */
  record Expired(long start) implements Standing {}

  /**
   * The log was truncated below it.
   *
   * @param divergence where what followed begins
   * @param leaderEpoch of the record before that
   */
  record Truncated(long divergence, int leaderEpoch) implements Standing {}

  /** Its record is older than the reader may see. */
  record TooOld() implements Standing {}
}
