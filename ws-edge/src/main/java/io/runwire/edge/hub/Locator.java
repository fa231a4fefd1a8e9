package io.runwire.edge.hub;

import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;
import io.runwire.edge.hub.LogSource.Expired;
import io.runwire.edge.hub.LogSource.TooOld;
import io.runwire.edge.hub.LogSource.Truncated;
import io.runwire.edge.hub.LogSource.Within;
import io.runwire.fold.Fold;
import io.runwire.frame.GapReason;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Finds where a subscription may read from, and what is missing before that: the one place that
 * decides on gaps. Never clamps a position in silence. Every position that has a record before it
 * gets that record's epoch, so that a truncation below it is seen whatever grows there. Stateless;
 * any thread.
 */
final class Locator {
  /** Where reading may go on, and the gap before it if there is one. */
  record Located(ReadPosition position, Optional<GapReason> gap) {}

  /** The position's record is older than the reader may see. */
  static final class TooOldException extends Exception {}

  private final LogSource log;
  private final Windows windows;
  private final OpenRuns openRuns;
  private final Clock clock;

  Locator(LogSource log, Windows windows, OpenRuns openRuns, Clock clock) {
    this.log = log;
    this.windows = windows;
    this.openRuns = openRuns;
    this.clock = clock;
  }

  CompletionStage<Located> locate(String thread, int partition, Start start) {
    LogIdentity identity = log.identity();
    if (start instanceof Start.Earliest) {
      return fromStart(identity, partition, Optional.empty());
    }
    if (start instanceof Start.Open) {
      return openRuns
          .start(thread)
          .thenCompose(
              open ->
                  relocate(
                      partition,
                      new ReadPosition(
                          identity, open.offset(), Cursor.NO_EPOCH, open.sourceFloor())));
    }
    if (start instanceof Start.After after) {
      return resume(thread, partition, after);
    }
    if (start instanceof Start.At at) {
      return log.since(partition, at.time().toEpochMilli())
          .thenApply(
              offset -> fine(new ReadPosition(identity, offset, Cursor.NO_EPOCH, Fold.NO_FLOOR)));
    }
    // The source's end is read behind the log's: what lies below it and was not routed yet, or is
    // routed again after a crash, is older than this moment.
    return log.bounds(partition)
        .thenApply(
            bounds ->
                fine(
                    new ReadPosition(
                        identity, bounds.end(), bounds.endEpoch(), bounds.sourceEnd() - 1)));
  }

  /** Whether a reader may go on where it stands, and where it may if not there. */
  CompletionStage<Located> relocate(int partition, ReadPosition position) {
    return standing(partition, position, OptionalLong.empty());
  }

  /**
   * The same for one that may have been turned back. Looks first at the furthest that it has read,
   * and only then at where it was turned back to: if the log was cut between the two, what stands
   * there now is not what was read.
   */
  CompletionStage<Located> relocate(int partition, ReadPosition furthest, ReadPosition position) {
    CompletionStage<Located> found = relocate(partition, furthest);
    return furthest.equals(position)
        ? found
        : found.thenCompose(
            located ->
                located.gap().isPresent()
                    ? CompletableFuture.completedStage(located)
                    : relocate(partition, position));
  }

  private CompletionStage<Located> resume(String thread, int partition, Start.After after) {
    Cursor cursor = after.cursor();
    OptionalLong notBeforeMs = notBeforeMs(after.maxAge());
    if (cursor.log().equals(log.identity())
        && windows.window(partition).vouchesFor(thread, cursor, notBeforeMs)) {
      return CompletableFuture.completedStage(fine(ReadPosition.of(cursor)));
    }
    return standing(partition, ReadPosition.of(cursor), notBeforeMs)
        .thenCompose(located -> notBefore(partition, located, notBeforeMs));
  }

  /**
   * Where a gap leads to may be older than what may be read, and anybody can make a cursor that has
   * one before it: it proves nothing.
   */
  private CompletionStage<Located> notBefore(
      int partition, Located located, OptionalLong notBeforeMs) {
    if (located.gap().isEmpty() || notBeforeMs.isEmpty()) {
      return CompletableFuture.completedStage(located);
    }
    ReadPosition there = located.position();
    return log.since(partition, notBeforeMs.getAsLong())
        .thenCompose(
            offset ->
                offset <= there.offset()
                    ? CompletableFuture.completedStage(located)
                    : relocate(partition, there.movedTo(offset, Cursor.NO_EPOCH))
                        .thenApply(moved -> new Located(moved.position(), located.gap())));
  }

  /** Whether a position still stands, and where to go on if it does not. */
  private CompletionStage<Located> standing(
      int partition, ReadPosition position, OptionalLong notBeforeMs) {
    LogIdentity identity = log.identity();
    if (!position.log().equals(identity)) {
      return fromStart(identity, partition, Optional.of(GapReason.FOREIGN_LOG));
    }
    return log.locate(partition, position.offset(), position.leaderEpoch(), notBeforeMs)
        .thenCompose(
            standing -> {
              if (standing instanceof TooOld) {
                return CompletableFuture.failedStage(new TooOldException());
              }
              return CompletableFuture.completedStage(located(position, standing));
            });
  }

  /** The age of the oldest record that may be read, as a point in time. */
  private OptionalLong notBeforeMs(Optional<Duration> maxAge) {
    return maxAge
        .map(age -> OptionalLong.of(clock.instant().minus(age).toEpochMilli()))
        .orElse(OptionalLong.empty());
  }

  private static Located located(ReadPosition position, LogSource.Standing standing) {
    if (standing instanceof Expired expired) {
      return new Located(
          position.movedTo(expired.start(), Cursor.NO_EPOCH), Optional.of(GapReason.EXPIRED));
    }
    if (standing instanceof Truncated truncated) {
      return new Located(
          position.movedTo(truncated.divergence(), truncated.leaderEpoch()),
          Optional.of(GapReason.TRUNCATED));
    }
    return standing instanceof Within within
        ? fine(position.movedTo(position.offset(), within.leaderEpoch()))
        : fine(position);
  }

  private CompletionStage<Located> fromStart(
      LogIdentity identity, int partition, Optional<GapReason> gap) {
    return log.bounds(partition)
        .thenApply(
            bounds ->
                new Located(
                    new ReadPosition(identity, bounds.start(), Cursor.NO_EPOCH, Fold.NO_FLOOR),
                    gap));
  }

  private static Located fine(ReadPosition position) {
    return new Located(position, Optional.empty());
  }
}
