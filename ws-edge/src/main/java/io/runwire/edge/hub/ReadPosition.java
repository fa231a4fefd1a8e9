package io.runwire.edge.hub;

import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;

/**
 * Where a subscription stands: the working form of a {@link Cursor}.
 *
 * @param log in which log
 * @param offset of the next record to look at
 * @param leaderEpoch of the record before it, {@link Cursor#NO_EPOCH} where the log begins here
 * @param sourceFloor the highest source offset behind it
 */
record ReadPosition(LogIdentity log, long offset, int leaderEpoch, long sourceFloor) {
  static ReadPosition of(Cursor cursor) {
    return new ReadPosition(
        cursor.log(), cursor.offset(), cursor.leaderEpoch(), cursor.sourceOffset());
  }

  ReadPosition behind(LogEntry entry) {
    return new ReadPosition(
        log, entry.offset() + 1, entry.leaderEpoch(), Math.max(sourceFloor, entry.sourceOffset()));
  }

  /**
   * Moved on to what was scanned without a match; never back. The epoch goes with the offset: an
   * older one would make the next leader's records look like a truncation.
   */
  ReadPosition scannedTo(long end, int epoch, long floor) {
    return end <= offset ? this : new ReadPosition(log, end, epoch, Math.max(sourceFloor, floor));
  }

  /** Another offset of the same log, and the epoch of the record before it. */
  ReadPosition movedTo(long other, int epoch) {
    return new ReadPosition(log, other, epoch, sourceFloor);
  }

  Cursor cursor(int partition, int threadHash) {
    return new Cursor(log, partition, offset, leaderEpoch, sourceFloor, threadHash);
  }
}
