package io.runwire.edge.hub;

import io.runwire.cursor.Cursor;
import io.runwire.edge.hub.DeliveryEvidence.Failure;
import io.runwire.edge.hub.Locator.Located;
import io.runwire.edge.hub.Outlet.Control;
import io.runwire.edge.hub.Outlet.Event;
import io.runwire.edge.hub.Step.Idle;
import io.runwire.edge.hub.Step.Send;
import io.runwire.edge.hub.Step.Yield;
import io.runwire.edge.hub.Window.CaughtUp;
import io.runwire.edge.hub.Window.Found;
import io.runwire.edge.hub.Window.Next;
import io.runwire.fold.Fold;
import io.runwire.fold.Verdict;
import io.runwire.frame.ErrorCode;
import io.runwire.frame.GapReason;
import io.runwire.frame.ServerFrame;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * A cursor in one thread's log, and the fold that turns what stands there into what the client has
 * not seen. It holds no queue: what it has not sent yet, and what it may have to send again for
 * want of an ack, is in the log, and its {@link LogReader} reads it from there.
 *
 * <p>Belongs to its connection's delivery loop.
 */
final class Subscription implements LogReader.Owner {
  /** Records skipped in one turn before others get theirs. */
  private static final int SKIPS_PER_TURN = 256;

  private static final Step IDLE = new Idle();
  private static final Step YIELD = new Yield();

  private final long id;
  private final String thread;
  private final int partition;
  private final int threadHash;
  private final Optional<String> run;
  private final Connection connection;
  private final ReadPath path;
  private final LogReader reader;
  private final Witness witness;
  private final Acks acks;
  private final LiveNotice notice = new LiveNotice();

  /** What goes before the next event: at most subscribed, gap and error. */
  private final ArrayDeque<ServerFrame> notices = new ArrayDeque<>(0);

  private boolean inHistory;

  /** Where to begin, until that was located. */
  private @Nullable Start start;

  private Fold fold = new Fold(Fold.DEFAULT_CAPACITY, Fold.NO_FLOOR);

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
    this.threadHash = Cursor.hash(thread);
    this.run = run;
    this.start = start;
    this.inHistory =
        start instanceof Start.Earliest
            || (start instanceof Start.After after && after.maxAge().isEmpty());
    this.connection = connection;
    this.path = path;
    this.reader = new LogReader(thread, partition, connection, path, this);
    this.witness =
        new Witness(path.evidence(), connection, thread, partition, path.identity(), acknowledges);
    this.acks = acknowledges ? new AckWindow(path.retries(), witness) : Acks.NONE;
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

  /** Whether it is still reading what it began with by the right to all of the thread's history. */
  boolean isInHistory() {
    return inHistory;
  }

  /** The next thing to send. */
  Step next() {
    for (int skipped = 0; skipped < SKIPS_PER_TURN; skipped++) {
      ServerFrame frame = notices.poll();
      if (frame != null) {
        return new Send(new Control(frame));
      }
      Next next = reader.next();
      if (next instanceof CaughtUp) {
        return live();
      }
      if (next instanceof Found found) {
        LogEntry entry = found.entry();
        if (!acks.admits(entry)) {
          return IDLE;
        }
        OptionalInt repetition = repetition(entry);
        reader.pass(entry);
        if (repetition.isPresent()) {
          told();
          return new Send(new Event(entry, notice.isLive(), repetition.getAsInt()));
        }
      } else if (notices.isEmpty()) {
        return IDLE;
      }
    }
    return YIELD;
  }

  /** 0 for an event that is to be sent now, more where it was sent before; empty if it is not. */
  private OptionalInt repetition(LogEntry entry) {
    if (acks.isBelowHead(entry.offset())) {
      return acks.again(entry.offset());
    }
    if (!passes(entry)) {
      return OptionalInt.empty();
    }
    acks.sent(entry, reader.position());
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

  private Step live() {
    ReadPosition here = reader.position();
    if (!notice.isDue(here.offset(), path.nowMs())) {
      return IDLE;
    }
    notice.caughtUp();
    inHistory = false;
    told();
    return new Send(new Control(new ServerFrame.Live(thread, cursor(here))));
  }

  /** An event was written; one of a log that is no more is nobody's any longer. */
  void written(LogEntry entry, long nowMs) {
    if (entry.log().equals(reader.position().log())) {
      witness.wrote(entry.offset(), nowMs);
      acks.written(entry.offset(), nowMs);
    }
  }

  /**
   * The client has everything before the cursor. One that says less than an earlier one is no news,
   * and no fault.
   *
   * @return false where the cursor is not one that it can have from this subscription
   */
  boolean acknowledge(Cursor cursor) {
    ReadPosition here = reader.position();
    if (start != null
        || cursor.partition() != partition
        || !cursor.log().equals(here.log())
        || cursor.offset() > notice.toldOffset()) {
      return false;
    }
    acks.acknowledge(cursor.offset(), path.nowMs());
    ReadPosition acknowledged = acks.acknowledged(here);
    if (here.offset() < acknowledged.offset()) {
      reader.turnTo(acknowledged); // what it had to be sent again, it has
    }
    return true;
  }

  /**
   * Looks at what is due; whether the client has not acknowledged for so long that it is enough.
   */
  boolean sweep(long nowMs) {
    witness.sweep(nowMs);
    if (!reader.isReading()) {
      return false; // the log's fault, not the client's
    }
    return switch (acks.check(nowMs)) {
      case NOTHING -> false;
      case GIVE_UP -> true;
      case RETRY -> {
        path.metrics().retried(RetryCause.ACK, acks.retries());
        reader.turnTo(acks.turnBack(reader.position()));
        connection.pump();
        yield false;
      }
    };
  }

  /** Holds no more than positions. */
  void release() {
    reader.release();
  }

  /**
   * Ends for good.
   *
   * @param failure why it was given up
   */
  void end(Optional<Failure> failure) {
    reader.end();
    acks.end();
    witness.end(path.nowMs(), failure);
  }

  /** The offset before which the client surely has everything that was read. */
  long deliveredUpTo() {
    return Math.max(0, acks.acknowledged(reader.position()).offset());
  }

  @Override
  public CompletionStage<Located> locate() {
    ReadPosition here = reader.position();
    return start != null
        ? path.locator().locate(thread, partition, start)
        : path.locator().relocate(partition, acks.reach(here), here);
  }

  @Override
  public void located(Located located) {
    ReadPosition here = located.position();
    Optional<String> known = known();
    if (start != null) {
      begin(start, here, located.gap().isEmpty());
    }
    if (located.gap().isPresent()) {
      if (located.gap().get() == GapReason.EXPIRED) {
        acks.expired(here.offset()); // what is still there may be unacknowledged
      } else {
        startAfresh(here);
      }
      fold.gap(acks.reach(here).sourceFloor());
      notice.fellBehind();
      notices.add(
          new ServerFrame.Gap(thread, located.gap().get(), known.orElse(null), cursor(here)));
      path.gap(located.gap().get());
    }
    notice.told(here.offset(), path.nowMs());
  }

  private void begin(Start from, ReadPosition here, boolean recovered) {
    start = null;
    fold = new Fold(Fold.DEFAULT_CAPACITY, here.sourceFloor());
    if (from instanceof Start.After after) {
      after.runs().forEach(fold::know);
    }
    notices.add(new ServerFrame.Subscribed(id, thread, cursor(here), recovered));
    startAfresh(here);
  }

  /** The cursor up to which the client has everything, as text; empty where it has none. */
  private Optional<String> known() {
    if (start != null) {
      return start instanceof Start.After after ? Optional.of(after.text()) : Optional.empty();
    }
    return Optional.of(cursor(acks.acknowledged(reader.position())).encode());
  }

  /** What was sent before counts no longer: it stood in another log, or stands there no more. */
  private void startAfresh(ReadPosition here) {
    witness.reads(here.log(), path.nowMs());
    acks.reset();
    notice.forget();
  }

  @Override
  public void unavailable(ErrorCode code) {
    path.metrics().unavailable(code);
    notice.fellBehind(); // so that the client is told when it can be served again
    notices.add(
        new ServerFrame.Error(start == null ? null : id, thread, code, "the edge goes on trying"));
  }

  @Override
  public void tooOld() {
    connection.fail(this, id, ErrorCode.FORBIDDEN, "cursor is older than the token may read");
  }

  private void told() {
    notice.told(reader.position().offset(), path.nowMs());
  }

  private Cursor cursor(ReadPosition at) {
    return at.cursor(partition, threadHash);
  }
}
