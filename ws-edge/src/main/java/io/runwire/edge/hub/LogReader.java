package io.runwire.edge.hub;

import io.runwire.cursor.Cursor;
import io.runwire.edge.hub.Locator.Located;
import io.runwire.edge.hub.Locator.TooOldException;
import io.runwire.edge.hub.LogSource.Chunk;
import io.runwire.edge.hub.Window.Behind;
import io.runwire.edge.hub.Window.CaughtUp;
import io.runwire.edge.hub.Window.Found;
import io.runwire.edge.hub.Window.Next;
import io.runwire.fold.Fold;
import io.runwire.frame.ErrorCode;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one thread's records from a position on, wherever they are: in the window, or in history
 * behind it.
 *
 * <pre>
 *           first look                located                  behind the window
 *   (new) ─────────────▶ LOCATING ─────────────▶ READING ◀──────────────────────▶ FETCHING
 *                          ▲  │                     │            chunk read            │
 *                retry due │  │ log away            │ window opened anew               │ log away
 *                          │  ▼                     ▼                                  │
 *                         WAITING ◀──────────── (LOCATING) ◀───────────────────────────┘
 * </pre>
 *
 * Resume is the ordinary case: the first position is located by the same steps as one that was
 * lost. Belongs to its connection's delivery loop.
 */
final class LogReader {
  /** For whom it reads. */
  interface Owner {
    /** Where reading may begin, or whether it may go on where it is. */
    CompletionStage<Located> locate();

    /** That was found, and will be the position. */
    void located(Located located);

    /** Nothing can be read now; told once an outage. */
    void unavailable(ErrorCode code);

    /** The position is older than may be read. */
    void tooOld();
  }

  private static final Logger log = LoggerFactory.getLogger(LogReader.class);

  private enum State {
    LOCATING,
    READING,
    FETCHING,
    WAITING,
    ENDED
  }

  private static final long NOWHERE = -1;

  private final String thread;
  private final int partition;
  private final Connection connection;
  private final ReadPath path;
  private final Owner owner;
  private final ReadAhead chunk;
  private final Outage outage = new Outage();

  /** Reading finds the window stale at first, and locates. */
  private State state = State.READING;

  private ReadPosition position;

  /** The window's generation in which the position was located. */
  private long locatedIn = NOWHERE;

  /** Answers to earlier questions are not waited for any more. */
  private long question;

  /** The read of history that is waited for; while there is one. */
  private @Nullable CompletableFuture<Chunk> reading;

  LogReader(String thread, int partition, Connection connection, ReadPath path, Owner owner) {
    this.thread = thread;
    this.partition = partition;
    this.connection = connection;
    this.path = path;
    this.owner = owner;
    this.chunk = new ReadAhead(path.budget());
    this.position = new ReadPosition(path.identity(), NOWHERE, Cursor.NO_EPOCH, Fold.NO_FLOOR);
  }

  /** The next record to look at; nowhere before it was located. */
  ReadPosition position() {
    return position;
  }

  /** Whether the log can be read, as far as is known. */
  boolean isReading() {
    return state == State.READING || state == State.FETCHING;
  }

  /**
   * What stands at the position: a record, which stays the next until it is {@link #pass passed},
   * or the log's end. Anything else is being seen to, and wakes the connection.
   */
  Next next() {
    if (state == State.WAITING && outage.isRetryDue(path.nowMs())) {
      state = State.READING;
    }
    if (state != State.READING) {
      return Window.STALE;
    }
    LogEntry ahead = chunk.peek();
    Next next =
        ahead != null
            ? new Found(ahead)
            : path.window(partition).next(thread, position.offset(), locatedIn);
    if (next instanceof Found) {
      served();
      return next;
    }
    if (next instanceof CaughtUp at) {
      return caughtUp(at);
    }
    if (next instanceof Behind behind) {
      fetch(behind.windowStart());
    } else if (path.window(partition).isOpen()) {
      locate();
    } else if (outage.isOpeningLate(path.nowMs())) {
      // The tail opens it as soon as may be, and that moves this on.
      unavailable(ErrorCode.LOG_UNAVAILABLE);
    }
    return next;
  }

  /** Moves on behind the record that was next. */
  void pass(LogEntry entry) {
    chunk.remove();
    position = chunk.scanned(position.behind(entry));
  }

  /** Reads on from another position in the same log. */
  void turnTo(ReadPosition to) {
    position = to;
    chunk.clear();
    if (state == State.FETCHING) {
      cancel();
      question++;
      state = State.READING;
    }
  }

  /** Holds no more than a position: what was read and not sent is in the log. */
  void release() {
    if (!chunk.isEmpty()) {
      chunk.clear();
    }
  }

  /** Reads no more. */
  void end() {
    state = State.ENDED;
    chunk.clear();
    cancel();
  }

  /** Nobody is to read what is not wanted any more. */
  private void cancel() {
    if (reading != null) {
      reading.cancel(false);
      reading = null;
    }
  }

  private Next caughtUp(CaughtUp at) {
    if (path.log().away()) {
      unavailable(ErrorCode.LOG_UNAVAILABLE);
      return Window.STALE;
    }
    served();
    position = position.scannedTo(at.end(), at.leaderEpoch(), at.sourceFloor());
    return at;
  }

  private void locate() {
    state = State.LOCATING;
    outage.opened();
    chunk.clear();
    long generation = path.window(partition).generation();
    await(owner.locate(), located -> located(located, generation));
  }

  private void located(Located located, long generation) {
    owner.located(located);
    position = located.position();
    locatedIn = generation;
    state = State.READING;
    connection.pump();
  }

  private void fetch(long windowStart) {
    state = State.FETCHING;
    HistoryRead read =
        new HistoryRead(
            connection.reader(),
            partition,
            thread,
            position.offset(),
            windowStart,
            chunk.reserve());
    reading = path.log().read(read).toCompletableFuture();
    await(reading, this::fetched);
  }

  private void fetched(Chunk read) {
    reading = null;
    served();
    // What was read while the window was opened anew may be of another log: it is read again.
    if (path.window(partition).generation() == locatedIn) {
      chunk.fill(read);
      position = chunk.scanned(position);
    } else {
      chunk.clear();
    }
    state = State.READING;
    connection.pump();
  }

  /** Continues on the loop, if the answer is still waited for. */
  private <T> void await(CompletionStage<T> stage, Consumer<T> then) {
    State waiting = state;
    long asked = ++question;
    BiConsumer<@Nullable T, @Nullable Throwable> completed =
        (value, failure) ->
            connection.execute(
                () -> {
                  if (state != waiting || question != asked) {
                    return;
                  }
                  if (value != null) {
                    then.accept(value);
                  } else {
                    failed(failure);
                  }
                });
    stage.whenComplete(completed);
  }

  private void failed(@Nullable Throwable failure) {
    reading = null;
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof TooOldException) {
      owner.tooOld();
      return;
    }
    boolean ledger = cause instanceof LedgerUnavailableException;
    if (unavailable(ledger ? ErrorCode.LEDGER_UNAVAILABLE : ErrorCode.LOG_UNAVAILABLE)) {
      log.debug("partition {} cannot be read: {}", partition, String.valueOf(cause));
    }
    // Whatever went wrong, the position is looked at anew before the next read.
    chunk.clear();
    locatedIn = NOWHERE;
    state = State.WAITING;
    outage.retryLater(path.nowMs());
    connection.pump();
  }

  /** Whether that was news. */
  private boolean unavailable(ErrorCode code) {
    boolean news = outage.begin();
    if (news) {
      owner.unavailable(code);
    }
    return news;
  }

  private void served() {
    outage.end(path.log().away());
  }
}
