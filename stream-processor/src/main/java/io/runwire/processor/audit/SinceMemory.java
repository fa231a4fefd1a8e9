package io.runwire.processor.audit;

import io.runwire.audit.Checkpoint;
import io.runwire.audit.CheckpointRecord;
import io.runwire.audit.Resumption;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What audit-checkpoints holds since a partition's last memory, or since its beginning: all that
 * has to be read to resume. A restart does not make it less.
 *
 * @param offset of audit-checkpoints, where it begins
 * @param checkpoints how many there are
 * @param records that they signed
 * @param since when the first of them was signed
 */
record SinceMemory(long offset, long checkpoints, long records, Optional<Instant> since) {
  /** Checkpoints after which a memory is due, unless it has more threads than they records. */
  private static final int CHECKPOINTS = 1_000;

  /**
   * A memory must not expire before the log's last record: checkpoints are kept for 20 days longer,
   * but a segment of either is deleted as a whole.
   */
  private static final Duration LONGEST = Duration.ofDays(7);

  /** Where there is nothing yet. */
  static SinceMemory at(long offset) {
    return new SinceMemory(offset, 0, 0, Optional.empty());
  }

  /** What had to be read from an offset on. */
  static SinceMemory of(long offset, Resumption read) {
    Optional<Checkpoint> first = read.first().map(CheckpointRecord::checkpoint);
    long size = read.last().map(last -> last.checkpoint().size()).orElse(0L);
    return new SinceMemory(
        offset,
        read.checkpoints(),
        size - first.map(Checkpoint::from).orElse(0L),
        first.map(Checkpoint::time));
  }

  SinceMemory and(CheckpointRecord checkpoint) {
    return new SinceMemory(
        offset,
        checkpoints + 1,
        records + checkpoint.leaves().size(),
        since.or(() -> Optional.of(checkpoint.checkpoint().time())));
  }

  /** The same behind a memory that was written there. */
  SinceMemory from(long memoryOffset) {
    return new SinceMemory(memoryOffset, checkpoints, records, since);
  }

  /**
   * Whether the next checkpoint is to have a memory before it.
   *
   * @param threads that it would hold
   */
  boolean isLong(int threads, Instant now) {
    return (checkpoints >= CHECKPOINTS && records >= threads)
        || since.filter(at -> !now.isBefore(at.plus(LONGEST))).isPresent();
  }
}
