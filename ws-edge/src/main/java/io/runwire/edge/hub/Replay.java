package io.runwire.edge.hub;

import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;
import io.runwire.edge.hub.Locator.Located;
import io.runwire.edge.hub.LogSource.Bounds;
import io.runwire.edge.hub.LogSource.Chunk;
import io.runwire.fold.Fold;
import io.runwire.fold.Verdict;
import io.runwire.frame.GapReason;
import io.runwire.frame.ServerFrame;
import io.runwire.topic.ThreadPartitioner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a thread, read once, piece by piece, from a position to an end that is fixed when it
 * begins. It reads the same records through the same fold as a {@link Subscription}, but follows
 * nothing: who asks for the next piece has written the one before, so it holds one chunk at most,
 * whatever the length.
 *
 * <p>A read that fails is tried once more, after the position was looked at anew; what has expired
 * meanwhile is a gap. If that does not help, or the log was cut or created again, so that the end
 * that was fixed means nothing any more, the replay fails: the reader comes back with its cursor.
 *
 * <p>Thread-safe; pieces are asked for one after the other.
 */
public final class Replay implements AutoCloseable {
  /** What comes next. */
  public sealed interface Piece {}

  /** Records, one at least, in log order. */
  public record Events(List<LogEntry> entries) implements Piece {}

  /** Records are missing here. */
  public record Missing(ServerFrame.Gap gap) implements Piece {}

  /** Nothing was found for a while; how far was read. */
  public record Scanned(Cursor cursor) implements Piece {}

  /**
   * That was all.
   *
   * @param cursor from which the thread goes on
   * @param events how many there were
   * @param scanned records of the partition that were looked at for them
   */
  public record End(Cursor cursor, long events, long scanned) implements Piece {}

  /** The end that was asked for is no position of this log. */
  public static final class NoSuchEndException extends Exception {}

  private final ReplayRequest request;
  private final ReadPath path;
  private final Executor executor;
  private final int partition;
  private final int threadHash;
  private final LogIdentity log;
  private final long end;
  private final ReadAhead chunk;

  // Guarded by this.
  private ReadPosition position;
  private Fold fold;
  private OptionalLong sinceMs;
  private Optional<ServerFrame.Gap> gap;
  private long events;
  private long scanned;
  private long toldOffset;
  private boolean closed;
  private @Nullable CompletableFuture<Chunk> reading;

  private Replay(
      ReplayRequest request,
      ReadPath path,
      Executor executor,
      int partition,
      Bounds bounds,
      Located located) {
    this.request = request;
    this.path = path;
    this.executor = executor;
    this.partition = partition;
    this.threadHash = Cursor.hash(request.thread());
    this.chunk = new ReadAhead(path.budget());
    this.position = begin(request, located);
    this.log = position.log();
    this.end = end(request, bounds);
    this.fold = new Fold(Fold.DEFAULT_CAPACITY, position.sourceFloor());
    this.sinceMs =
        request.start() instanceof Start.At at
            ? OptionalLong.of(at.time().toEpochMilli())
            : OptionalLong.empty();
    this.toldOffset = position.offset();
    String from = null;
    if (request.start() instanceof Start.After after) {
      after.runs().forEach(fold::know);
      from = after.text();
    }
    boolean beginningIsGone =
        request.start() instanceof Start.Earliest
            && request.span().filter(span -> span.first() < bounds.start()).isPresent();
    Optional<GapReason> reason = beginningIsGone ? Optional.of(GapReason.EXPIRED) : located.gap();
    this.gap = reason.isPresent() ? Optional.of(announced(reason.get(), from)) : Optional.empty();
  }

  /**
   * Fixes where to begin and to end.
   *
   * @param executor on which what was read is dealt with
   * @return fails with {@link LogUnavailableException}, or {@link NoSuchEndException}
   */
  static CompletionStage<Replay> open(ReplayRequest request, ReadPath path, Executor executor) {
    int partition = ThreadPartitioner.partition(request.thread(), path.identity().partitions());
    return path.log()
        .bounds(partition)
        .thenCompose(
            bounds -> {
              if (request.to().filter(to -> !isThere(to, path, bounds)).isPresent()) {
                return CompletableFuture.failedStage(new NoSuchEndException());
              }
              return path.locator()
                  .locate(request.thread(), partition, request.start())
                  .thenApply(
                      located -> new Replay(request, path, executor, partition, bounds, located));
            });
  }

  /** Where it ends: who is cut off asks for the rest up to here, however the log has grown. */
  public Cursor to() {
    return new Cursor(log, partition, end, Cursor.NO_EPOCH, Fold.NO_FLOOR, threadHash);
  }

  /** Reads on; to be called again when the piece is written, and not after the end. */
  public synchronized CompletionStage<Piece> next() {
    chunk.clear();
    if (gap.isPresent()) {
      Piece missing = new Missing(gap.get());
      gap = Optional.empty();
      return CompletableFuture.completedStage(missing);
    }
    return read().exceptionallyCompose(this::retry);
  }

  /** Lets go of what it holds; may be called at any time. */
  @Override
  public synchronized void close() {
    closed = true;
    chunk.clear();
    if (reading != null) {
      reading.cancel(false);
    }
  }

  private synchronized CompletionStage<Piece> read() {
    if (closed) {
      return CompletableFuture.failedStage(new CancellationException("closed"));
    }
    if (position.offset() >= end) {
      return CompletableFuture.completedStage(new End(cursor(), events, scanned));
    }
    HistoryRead read =
        new HistoryRead(
            request.reader(), partition, request.thread(), position.offset(), end, chunk.reserve());
    reading = path.log().read(read).toCompletableFuture();
    return reading.thenComposeAsync(this::take, executor);
  }

  private synchronized CompletionStage<Piece> take(Chunk read) {
    if (closed) {
      chunk.clear();
      return CompletableFuture.failedStage(new CancellationException("closed"));
    }
    chunk.fill(read);
    scanned += read.next() - position.offset();
    List<LogEntry> passed = new ArrayList<>();
    for (LogEntry entry : read.entries()) {
      if (passes(entry)) {
        passed.add(entry);
      }
      position = position.behind(entry);
    }
    position = position.scannedTo(read.next(), read.leaderEpoch(), Fold.NO_FLOOR);
    events += passed.size();
    if (!passed.isEmpty()) {
      toldOffset = position.offset();
      return CompletableFuture.completedStage(new Events(passed));
    }
    chunk.clear();
    if (position.offset() < end && position.offset() - toldOffset >= LiveNotice.EVERY_RECORDS) {
      toldOffset = position.offset();
      return CompletableFuture.completedStage(new Scanned(cursor()));
    }
    return read();
  }

  private boolean passes(LogEntry entry) {
    if (sinceMs.isPresent()) {
      if (entry.timestampMs() < sinceMs.getAsLong()) {
        return false; // a router's repetition of what is older
      }
      fold = new Fold(Fold.DEFAULT_CAPACITY, Math.max(Fold.NO_FLOOR, entry.sourceOffset() - 1));
      sinceMs = OptionalLong.empty();
    }
    if (request.run().isPresent() && !request.run().get().equals(entry.envelope().run())) {
      return false;
    }
    Verdict verdict = fold.apply(entry.envelope());
    path.judged(verdict);
    return verdict == Verdict.PASS;
  }

  private synchronized CompletionStage<Piece> retry(Throwable failure) {
    chunk.clear();
    return closed
        ? CompletableFuture.failedStage(failure)
        : path.locator()
            .relocate(partition, position)
            .thenCompose(located -> resume(located, failure));
  }

  private synchronized CompletionStage<Piece> resume(Located located, Throwable failure) {
    if (located.gap().isEmpty()) {
      return read();
    }
    if (located.gap().get() != GapReason.EXPIRED) {
      return CompletableFuture.failedStage(failure);
    }
    String from = cursor().encode();
    position = located.position();
    return CompletableFuture.completedStage(new Missing(announced(GapReason.EXPIRED, from)));
  }

  /** Counts a gap before the position, and lets runs jump over it. */
  private ServerFrame.Gap announced(GapReason reason, @Nullable String from) {
    fold.gap(position.sourceFloor());
    path.gap(reason);
    return new ServerFrame.Gap(request.thread(), reason, from, cursor());
  }

  private Cursor cursor() {
    return position.cursor(partition, threadHash);
  }

  private static boolean isThere(Cursor to, ReadPath path, Bounds bounds) {
    return to.log().equals(path.identity()) && to.offset() <= bounds.end();
  }

  /** Not before the run's first record, where that is known. */
  private static ReadPosition begin(ReplayRequest request, Located located) {
    ReadPosition found = located.position();
    return request
        .span()
        .map(span -> found.scannedTo(span.first(), Cursor.NO_EPOCH, span.sourceFloor()))
        .orElse(found);
  }

  private static long end(ReplayRequest request, Bounds bounds) {
    long wanted = request.to().map(Cursor::offset).orElse(bounds.end());
    OptionalLong last = request.span().map(RunSpan::last).orElse(OptionalLong.empty());
    return last.isPresent() ? Math.min(wanted, last.getAsLong() + 1) : wanted;
  }
}
