package io.runwire.edge.hub;

import io.runwire.cursor.Cursor;
import io.runwire.edge.hub.DeliveryEvidence.Failure;
import io.runwire.edge.hub.Locator.Located;
import io.runwire.edge.hub.Locator.TooOldException;
import io.runwire.edge.hub.LogSource.Chunk;
import io.runwire.edge.hub.Outlet.Control;
import io.runwire.edge.hub.Outlet.Event;
import io.runwire.edge.hub.Step.Send;
import io.runwire.edge.hub.Window.Behind;
import io.runwire.edge.hub.Window.CaughtUp;
import io.runwire.edge.hub.Window.Found;
import io.runwire.edge.hub.Window.Next;
import io.runwire.fold.Fold;
import io.runwire.fold.Verdict;
import io.runwire.frame.ErrorCode;
import io.runwire.frame.ServerFrame;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cursor in one thread's log, and the fold that turns what stands there into what the client has
 * not seen. It holds no queue: what it has not sent yet, and what it may have to send again for
 * want of an ack, is in the log.
 *
 * <pre>
 *            begin                 located                  behind the window
 *   (new) ─────────▶ LOCATING ─────────────▶ READING ◀──────────────────────▶ FETCHING
 *                      ▲  │                     │            chunk read            │
 *            retry due │  │ log away            │ window opened anew               │ log away
 *                      │  ▼                     ▼                                  │
 *                     WAITING ◀──────────── (LOCATING) ◀───────────────────────────┘
 * </pre>
 *
 * Resume is the ordinary case: the first position is located by the same steps as one that was
 * lost. Belongs to its connection's delivery loop.
 */
final class Subscription {
  private static final Logger log = LoggerFactory.getLogger(Subscription.class);

  /** A quiet thread's client is told of the scanned position this often, in records and time. */
  static final long LIVE_EVERY_RECORDS = 10_000;

  static final long LIVE_EVERY_MS = 10_000;

  /** Records skipped in one turn before others get theirs. */
  private static final int SKIPS_PER_TURN = 256;

  private static final long RETRY_MS = 1_000;

  /** A window that is not open after this time is an outage, and the client is told. */
  private static final long OPENING_MS = 5_000;

  private static final long NEVER = Long.MAX_VALUE;

  private enum State {
    LOCATING,
    READING,
    FETCHING,
    WAITING,
    ENDED
  }

  private static final Step IDLE = new Step.Idle();
  private static final Step YIELD = new Step.Yield();

  private final long id;
  private final String thread;
  private final int partition;
  private final Optional<String> run;
  private final Connection connection;
  private final ReadPath path;
  private final int threadHash;

  /** Notices that go before the next event: at most subscribed, gap, error, live. */
  private final ArrayDeque<ServerFrame> notices = new ArrayDeque<>(4);

  private final ReadAhead chunk;
  private final Witness witness;
  private final AckWindow unacknowledged;

  /** Reading finds the window stale at first, and locates. */
  private State state = State.READING;

  private @Nullable Start start;
  private @Nullable ReadPosition position;
  private Fold fold = new Fold(Fold.DEFAULT_CAPACITY, Fold.NO_FLOOR);
  private long locatedIn = -1;
  private long retryAtMs;
  private boolean awayTold;
  private long awayAtMs = NEVER;
  private boolean live;
  private long toldOffset;
  private long toldAtMs;

  /** Answers to questions of an earlier turn are not waited for any more. */
  private long turn;

  /**
   * @param acknowledges whether the client acknowledges
   */
  Subscription(
      long id,
      String thread,
      int partition,
      Optional<String> run,
      Start start,
      boolean acknowledges,
      Connection connection,
      ReadPath path) {
    this.id = id;
    this.thread = thread;
    this.partition = partition;
    this.run = run;
    this.start = start;
    this.connection = connection;
    this.path = path;
    this.chunk = new ReadAhead(path.budget());
    this.threadHash = Cursor.hash(thread);
    this.witness =
        new Witness(path.evidence(), connection, thread, partition, path.identity(), acknowledges);
    this.unacknowledged = new AckWindow(acknowledges, path.retries(), witness);
  }

  String thread() {
    return thread;
  }

  int partition() {
    return partition;
  }

  Connection connection() {
    return connection;
  }

  /** An event was written. */
  void written(long offset, long nowMs) {
    witness.wrote(offset, nowMs);
    unacknowledged.written(offset, nowMs);
  }

  /**
   * The client has everything before the cursor. One that says less than an earlier one is no news,
   * and no fault.
   *
   * @return false where the cursor is not one that it can have from this subscription
   */
  boolean acknowledge(Cursor cursor) {
    ReadPosition here = position;
    if (here == null
        || start != null
        || cursor.partition() != partition
        || !cursor.log().equals(here.log())
        || cursor.offset() > toldOffset) {
      return false;
    }
    unacknowledged.acknowledge(cursor.offset(), path.nowMs());
    ReadPosition acknowledged = unacknowledged.acknowledged(here);
    if (here.offset() < acknowledged.offset()) {
      turnTo(acknowledged); // what it had to be sent again, it has
    }
    return true;
  }

  /**
   * Looks at what is due; whether the client has not acknowledged for so long that it is enough.
   */
  boolean sweep(long nowMs) {
    witness.sweep(nowMs);
    if (state != State.READING && state != State.FETCHING) {
      return false; // the log's fault, not the client's
    }
    return switch (unacknowledged.check(nowMs)) {
      case NOTHING -> false;
      case GIVE_UP -> true;
      case RETRY -> {
        path.metrics().retried(RetryCause.ACK, unacknowledged.retries());
        turnTo(unacknowledged.turnBack(required(position)));
        connection.pump();
        yield false;
      }
    };
  }

  /** Holds no more than positions: what was read and not sent is in the log. */
  void release() {
    if (!chunk.isEmpty()) {
      chunk.clear();
    }
  }

  void end() {
    end(Optional.empty());
  }

  /**
   * Ends for good.
   *
   * @param failure why it was given up
   */
  void end(Optional<Failure> failure) {
    if (state == State.ENDED) {
      return;
    }
    state = State.ENDED;
    chunk.clear();
    unacknowledged.end();
    witness.end(path.nowMs(), failure);
  }

  /** The offset before which the client surely has everything that was read. */
  long deliveredUpTo() {
    return position == null ? 0 : unacknowledged.acknowledged(position).offset();
  }

  /** Reads on from another position in the same log. */
  private void turnTo(ReadPosition to) {
    position = to;
    chunk.clear();
    if (state == State.FETCHING) {
      turn++;
      state = State.READING;
    }
  }

  /** The next thing to send. */
  Step next() {
    ServerFrame notice = notices.poll();
    if (notice != null) {
      return new Send(new Control(notice));
    }
    if (state == State.WAITING && path.nowMs() >= retryAtMs) {
      state = State.READING;
    }
    for (int skipped = 0; skipped < SKIPS_PER_TURN; skipped++) {
      if (state != State.READING) {
        return IDLE;
      }
      LogEntry entry = chunk.peek();
      if (entry == null) {
        Next next = path.window(partition).next(thread, offset(), locatedIn);
        if (!(next instanceof Found found)) {
          return nothingThere(next);
        }
        entry = found.entry();
      }
      back();
      if (!unacknowledged.admits(entry)) {
        return IDLE;
      }
      chunk.remove();
      OptionalInt repetition = repetition(entry);
      position = chunk.scanned(required(position).behind(entry));
      if (repetition.isPresent()) {
        told();
        return new Send(new Event(entry, live, repetition.getAsInt()));
      }
    }
    return YIELD;
  }

  private Step nothingThere(Next next) {
    if (next instanceof CaughtUp caughtUp) {
      return caughtUp(caughtUp);
    }
    if (next instanceof Behind behind) {
      fetch(behind.windowStart());
    } else if (path.window(partition).isOpen()) {
      locate();
    } else {
      return awaitWindow();
    }
    return IDLE;
  }

  /** The tail opens the window as soon as may be; that moves this on. */
  private Step awaitWindow() {
    awayAtMs = Math.min(awayAtMs, path.nowMs() + OPENING_MS);
    return path.nowMs() >= awayAtMs && away(ErrorCode.LOG_UNAVAILABLE) ? next() : IDLE;
  }

  private Step caughtUp(CaughtUp at) {
    if (path.log().away()) {
      return away(ErrorCode.LOG_UNAVAILABLE) ? next() : IDLE;
    }
    back();
    ReadPosition here = required(position).scannedTo(at.end(), at.leaderEpoch(), at.sourceFloor());
    position = here;
    long silentMs = path.nowMs() - toldAtMs;
    boolean due =
        here.offset() - toldOffset >= LIVE_EVERY_RECORDS
            || (silentMs >= LIVE_EVERY_MS && here.offset() > toldOffset);
    if (live && !due) {
      return IDLE;
    }
    live = true;
    told();
    return new Send(new Control(new ServerFrame.Live(thread, here.cursor(partition, threadHash))));
  }

  /** 0 for an event that is to be sent now, more where it was sent before; empty if it is not. */
  private OptionalInt repetition(LogEntry entry) {
    if (unacknowledged.isBelowHead(entry.offset())) {
      return unacknowledged.again(entry.offset());
    }
    if (!passes(entry)) {
      return OptionalInt.empty();
    }
    unacknowledged.sent(entry, required(position).behind(entry));
    return OptionalInt.of(0);
  }

  private boolean passes(LogEntry entry) {
    if (run.isPresent() && !run.get().equals(entry.envelope().run())) {
      return false;
    }
    Verdict verdict = fold.apply(entry.envelope());
    path.judged(verdict);
    return verdict == Verdict.PASS;
  }

  private void told() {
    toldOffset = Math.max(toldOffset, offset());
    toldAtMs = path.nowMs();
  }

  private long offset() {
    return position == null ? -1 : position.offset();
  }

  private void locate() {
    state = State.LOCATING;
    awayAtMs = NEVER;
    chunk.clear();
    Window window = path.window(partition);
    long generation = window.generation();
    ReadPosition known = position;
    if (start instanceof Start.After after
        && after.cursor().log().equals(path.identity())
        && window.vouchesFor(thread, after.cursor(), path.locator().notBeforeMs(after.maxAge()))) {
      located(new Located(ReadPosition.of(after.cursor()), Optional.empty()), generation);
      return;
    }
    CompletionStage<Located> found =
        start != null ? path.locator().locate(thread, partition, start) : relocate(required(known));
    await(found, located -> located(located, generation));
  }

  /**
   * Looks first at where reading had come to, and only then at where it was turned back to: if the
   * log was cut between the two, what stands there now is not what was sent.
   */
  private CompletionStage<Located> relocate(ReadPosition known) {
    ReadPosition reach = unacknowledged.reach(known);
    CompletionStage<Located> found = path.locator().relocate(partition, reach, Optional.empty());
    return reach.equals(known)
        ? found
        : found.thenCompose(
            located ->
                located.gap().isPresent()
                    ? CompletableFuture.completedStage(located)
                    : path.locator().relocate(partition, known, Optional.empty()));
  }

  private void located(Located located, long generation) {
    ReadPosition here = located.position();
    String from =
        position == null
            ? null
            : unacknowledged.acknowledged(position).cursor(partition, threadHash).encode();
    if (start != null) {
      fold = new Fold(Fold.DEFAULT_CAPACITY, here.sourceFloor());
      if (start instanceof Start.After after) {
        after.runs().forEach(fold::know);
        from = after.text();
      }
      notices.add(
          new ServerFrame.Subscribed(
              id, thread, here.cursor(partition, threadHash), located.gap().isEmpty()));
      start = null;
      startAfresh(here);
    }
    if (located.gap().isPresent()) {
      startAfresh(here);
      fold.gap(here.sourceFloor());
      live = false;
      notices.add(
          new ServerFrame.Gap(
              thread, located.gap().get(), from, here.cursor(partition, threadHash)));
      path.gap(located.gap().get());
    }
    position = here;
    locatedIn = generation;
    told();
    state = State.READING;
    connection.pump();
  }

  /** What was sent before counts no longer: it stood in another log, or stands there no more. */
  private void startAfresh(ReadPosition here) {
    witness.reads(here.log(), path.nowMs());
    unacknowledged.reset(here);
    toldOffset = 0;
  }

  private void fetch(long windowStart) {
    state = State.FETCHING;
    HistoryRead read =
        new HistoryRead(
            connection.reader(), partition, thread, offset(), windowStart, chunk.reserve());
    await(path.log().read(read), this::fetched);
  }

  private void fetched(Chunk read) {
    back();
    // What was read while the window was opened anew may be of another log: it is read again.
    if (path.window(partition).generation() == locatedIn) {
      chunk.fill(read);
      position = chunk.scanned(required(position));
    } else {
      chunk.clear();
    }
    state = State.READING;
    connection.pump();
  }

  /** Continues on the loop, if the subscription still waits for this. */
  private <T> void await(CompletionStage<T> stage, Consumer<T> then) {
    State waiting = state;
    long asked = ++turn;
    BiConsumer<@Nullable T, @Nullable Throwable> completed =
        (value, failure) ->
            connection.execute(
                () -> {
                  if (state != waiting || turn != asked) {
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
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof TooOldException) {
      connection.fail(this, id, ErrorCode.FORBIDDEN, "cursor is older than the token may read");
      return;
    }
    ErrorCode code =
        cause instanceof LedgerUnavailableException
            ? ErrorCode.LEDGER_UNAVAILABLE
            : ErrorCode.LOG_UNAVAILABLE;
    if (away(code)) {
      log.debug("partition {} cannot be read: {}", partition, String.valueOf(cause));
    }
    // Whatever went wrong, the position is looked at anew before the next read.
    chunk.clear();
    locatedIn = -1;
    state = State.WAITING;
    retryAtMs = path.nowMs() + RETRY_MS;
    connection.pump();
  }

  /** Tells the client that it cannot be served now, once an outage; whether this was the time. */
  private boolean away(ErrorCode code) {
    if (awayTold) {
      return false;
    }
    awayTold = true;
    path.metrics().unavailable(code);
    notices.add(
        new ServerFrame.Error(start == null ? null : id, thread, code, "the edge goes on trying"));
    return true;
  }

  /** Something could be read: the next outage is another one. */
  private void back() {
    awayTold = awayTold && path.log().away();
  }

  private static <T> T required(@Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("read before located");
    }
    return value;
  }
}
