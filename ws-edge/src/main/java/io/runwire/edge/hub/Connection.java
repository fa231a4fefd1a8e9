package io.runwire.edge.hub;

import io.runwire.cursor.Cursor;
import io.runwire.edge.hub.DeliveryEvidence.Failure;
import io.runwire.edge.hub.Outlet.Event;
import io.runwire.edge.hub.Outlet.Outgoing;
import io.runwire.edge.hub.Step.Send;
import io.runwire.edge.hub.Step.Yield;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ErrorCode;
import io.runwire.frame.ServerFrame;
import io.runwire.topic.ThreadPartitioner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscriptions of one socket, and the one write that may be in flight on it. The next batch is
 * taken when the last is written, a few frames from each subscription in turn, so that a flood on
 * one thread does not starve another and a slow socket holds nothing. A socket that takes no write,
 * or a client that does not acknowledge as it said, is waited for on a schedule and then given up.
 *
 * <p>The public methods hand a command to the connection's delivery loop and may be called from any
 * thread; everything else belongs to that loop.
 */
public final class Connection {
  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  /** Frames that one subscription may put into a batch before the next has its turn. */
  private static final int FRAMES_PER_TURN = 8;

  /** Answers waiting for a socket that asks but does not read. */
  private static final int MAX_CONTROLS = 256;

  /** Acks of what was never sent, one after the other, before the socket is closed with 4501. */
  private static final int MAX_BAD_ACKS = 10;

  private static final Batch NOTHING = new Batch();

  /** A write that takes longer makes the subscriptions let go of what they have read ahead. */
  private static final long SLOW_WRITE_MS = 1_000;

  private final String id;
  private final Outlet outlet;
  private final DeliveryLoop loop;
  private final ReadPath path;
  private final Attachments attachments;
  private final int maxSubscriptions;

  private final Map<String, Subscription> byThread = new LinkedHashMap<>();

  /** The same subscriptions, in the order of their turns. */
  private final ArrayDeque<Subscription> turns = new ArrayDeque<>();

  private final ArrayDeque<ServerFrame> controls = new ArrayDeque<>();
  private final RetryTimer write;
  private volatile String reader;
  private Batch inFlight = NOTHING;
  private int badAcks;
  private boolean writing;
  private boolean pumpAgain;
  private boolean closed;

  Connection(
      String id,
      Outlet outlet,
      DeliveryLoop loop,
      ReadPath path,
      Attachments attachments,
      int maxSubscriptions) {
    this.id = id;
    this.reader = id;
    this.outlet = outlet;
    this.loop = loop;
    this.path = path;
    this.attachments = attachments;
    this.maxSubscriptions = maxSubscriptions;
    this.write = new RetryTimer(path.retries());
  }

  /** The connection's id, as the welcome names it. */
  public String id() {
    return id;
  }

  /** Whose connection this is, opaque: history is read for one user after the other. */
  public void readAs(String user) {
    reader = user;
  }

  /** Follows a thread; the answer goes to the client. */
  public void subscribe(long requestId, String thread, Optional<String> run, Start start) {
    subscribe(requestId, thread, run, start, false);
  }

  /**
   * Follows a thread; the answer goes to the client.
   *
   * @param acknowledges whether the client will acknowledge what it is sent
   */
  public void subscribe(
      long requestId, String thread, Optional<String> run, Start start, boolean acknowledges) {
    execute(() -> doSubscribe(requestId, thread, run, start, acknowledges));
  }

  /** The client has everything of a thread up to the cursor. */
  public void acknowledge(String thread, Cursor cursor) {
    execute(() -> doAcknowledge(thread, cursor));
  }

  /** Stops following a thread. */
  public void unsubscribe(long requestId, String thread) {
    execute(() -> doUnsubscribe(requestId, thread));
  }

  /** Ends the subscriptions to threads that may no longer be read, and says so. */
  public void keepOnly(Predicate<String> threads) {
    execute(
        () -> {
          for (Subscription subscription : new ArrayList<>(byThread.values())) {
            String thread = subscription.thread();
            if (!threads.test(thread)) {
              remove(subscription);
              enqueue(new ServerFrame.Error(null, thread, ErrorCode.FORBIDDEN, "right lost"));
              enqueue(new ServerFrame.Unsubscribed(null, thread));
            }
          }
        });
  }

  /** Sends a frame that is no event. */
  public void send(ServerFrame frame) {
    execute(() -> enqueue(frame));
  }

  /** Sends a frame that only shows life, unless something is on its way already. */
  public void sendUnlessBusy(ServerFrame frame) {
    execute(
        () -> {
          if (!writing && controls.isEmpty()) {
            enqueue(frame);
          }
        });
  }

  /** Closes the socket if it follows no thread. */
  public void closeUnlessFollowing(CloseCode code) {
    execute(
        () -> {
          if (byThread.isEmpty()) {
            doClose(code);
          }
        });
  }

  /** Closes the socket. */
  public void close(CloseCode code) {
    execute(() -> doClose(code));
  }

  /** The socket is gone: forgets the connection. */
  public void closed() {
    execute(this::forget);
  }

  /** The socket was closed with that code below us: counts it, and forgets the connection. */
  public void closed(CloseCode code) {
    execute(
        () -> {
          if (!closed) {
            path.metrics().closed(code);
            forget();
          }
        });
  }

  /** Runs {@code then}, on the loop, when everything handed in before has been dealt with. */
  public void whenTaken(Runnable then) {
    execute(then);
  }

  String reader() {
    return reader;
  }

  /** Whose connection this is, once that is known. */
  Optional<String> user() {
    return reader.equals(id) ? Optional.empty() : Optional.of(reader);
  }

  void execute(Runnable command) {
    loop.execute(command);
  }

  private void doSubscribe(
      long requestId, String thread, Optional<String> run, Start start, boolean acknowledges) {
    if (closed) {
      return;
    }
    if (byThread.containsKey(thread)) {
      enqueue(error(requestId, thread, ErrorCode.ALREADY_SUBSCRIBED, "one subscription a thread"));
      return;
    }
    if (byThread.size() >= maxSubscriptions) {
      enqueue(
          error(
              requestId,
              thread,
              ErrorCode.TOO_MANY_SUBSCRIPTIONS,
              "at most " + maxSubscriptions + " a connection"));
      return;
    }
    int partition = ThreadPartitioner.partition(thread, path.identity().partitions());
    Subscription subscription =
        new Subscription(requestId, thread, partition, run, start, acknowledges, this, path);
    byThread.put(thread, subscription);
    turns.addLast(subscription);
    // Register, then read: whatever is appended from here on wakes this connection.
    loop.follow(subscription);
    attachments.acquire(partition);
    pump();
  }

  private void doUnsubscribe(long requestId, String thread) {
    Subscription subscription = byThread.get(thread);
    if (subscription == null) {
      enqueue(error(requestId, thread, ErrorCode.NOT_SUBSCRIBED, "not subscribed"));
      return;
    }
    remove(subscription);
    enqueue(new ServerFrame.Unsubscribed(requestId, thread));
  }

  private void doAcknowledge(String thread, Cursor cursor) {
    Subscription subscription = byThread.get(thread);
    if (closed) {
      return;
    }
    if (subscription == null) {
      enqueue(error(null, thread, ErrorCode.NOT_SUBSCRIBED, "not subscribed"));
    } else if (subscription.acknowledge(cursor)) {
      badAcks = 0;
      pump();
    } else if (++badAcks >= MAX_BAD_ACKS) {
      doClose(CloseCode.BAD_REQUESTS);
    } else {
      enqueue(error(null, thread, ErrorCode.BAD_REQUEST, "ack: of what was not sent"));
    }
  }

  /** Ends a subscription that cannot be served. */
  void fail(Subscription subscription, long requestId, ErrorCode code, String message) {
    remove(subscription);
    enqueue(error(requestId, subscription.thread(), code, message));
  }

  private void remove(Subscription subscription) {
    subscription.end();
    byThread.remove(subscription.thread());
    turns.remove(subscription);
    loop.unfollow(subscription);
    attachments.release(subscription.partition());
  }

  private void enqueue(ServerFrame frame) {
    if (closed) {
      return;
    }
    if (controls.size() >= MAX_CONTROLS) {
      doClose(CloseCode.RATE_EXCEEDED);
      return;
    }
    if (frame instanceof ServerFrame.Error error) {
      path.metrics().refused(error.code());
    }
    controls.addLast(frame);
    pump();
  }

  private void doClose(CloseCode code) {
    if (!closed) {
      path.metrics().closed(code);
      forget();
      outlet.close(code);
    }
  }

  private void forget() {
    closed = true;
    writeEnded();
    new ArrayList<>(byThread.values()).forEach(this::remove);
    controls.clear();
    loop.remove(this);
  }

  /** Looks at what is due: the write in flight, acknowledgements, evidence. */
  void sweep() {
    if (closed) {
      return;
    }
    long nowMs = path.nowMs();
    if (write.waitedMs(nowMs) >= SLOW_WRITE_MS) {
      byThread.values().forEach(Subscription::release);
    }
    switch (write.check(nowMs)) {
      case RETRY -> stalled();
      case GIVE_UP -> giveUp(RetryCause.WRITE, write.step());
      case NOTHING -> sweepSubscriptions(nowMs);
    }
  }

  private void sweepSubscriptions(long nowMs) {
    for (Subscription subscription : new ArrayList<>(byThread.values())) {
      // Who cannot be written to cannot be expected to acknowledge.
      boolean overdue = write.step() == 0 && subscription.sweep(nowMs);
      if (overdue) {
        giveUp(RetryCause.ACK, path.retries().retries());
        return;
      }
    }
  }

  private void stalled() {
    if (write.step() == 1) {
      path.metrics().stalled(1);
    }
    path.metrics().retried(RetryCause.WRITE, write.step());
  }

  /** Not to be had: the client comes back with its cursor, here or elsewhere. */
  private void giveUp(RetryCause cause, int retries) {
    log.debug("connection {} is given up: {} after {} retries", id, cause, retries);
    Map<String, Long> undelivered = firstInFlight();
    for (Subscription subscription : new ArrayList<>(byThread.values())) {
      long from = undelivered.getOrDefault(subscription.thread(), Long.MAX_VALUE);
      subscription.end(
          Optional.of(new Failure(cause, retries, Math.min(from, subscription.deliveredUpTo()))));
    }
    path.metrics().gaveUp(cause);
    path.metrics().closed(CloseCode.TOO_SLOW);
    boolean inTheMiddle = writing;
    forget();
    if (inTheMiddle) {
      outlet.abort(CloseCode.TOO_SLOW);
    } else {
      outlet.close(CloseCode.TOO_SLOW);
    }
  }

  /** Where in each thread the events begin that the write in flight holds. */
  private Map<String, Long> firstInFlight() {
    Map<String, Long> first = new HashMap<>();
    for (Outgoing outgoing : inFlight.frames()) {
      if (outgoing instanceof Event event) {
        first.merge(event.entry().thread(), event.entry().offset(), Math::min);
      }
    }
    return first;
  }

  /** Starts a write if none is in flight and there is something to write. */
  void pump() {
    if (writing || closed) {
      pumpAgain = true;
      return;
    }
    try {
      do {
        pumpAgain = false;
        Batch batch = nextBatch();
        if (!batch.isEmpty() && !closed) {
          writing = true;
          inFlight = batch;
          write.begin(path.nowMs(), path.retries().deadline(batch.bytes()));
          outlet.write(batch.frames(), new Completion());
        }
      } while (pumpAgain && !writing && !closed);
    } catch (RuntimeException e) {
      // It would hang with its write half begun; the client comes back with its cursor.
      log.error("connection {} cannot go on", id, e);
      doClose(CloseCode.INTERNAL);
    }
  }

  private void written() {
    long nowMs = path.nowMs();
    Batch batch = inFlight;
    writing = false;
    writeEnded();
    for (Outgoing outgoing : batch.frames()) {
      if (outgoing instanceof Event event) {
        written(event, nowMs);
      }
    }
  }

  private void written(Event event, long nowMs) {
    LogEntry entry = event.entry();
    Subscription subscription = byThread.get(entry.thread());
    if (subscription != null) {
      subscription.written(entry.offset(), nowMs);
    }
    path.metrics().delivered(entry.frame().size());
    if (event.redelivery() > 0) {
      path.metrics().redelivered();
    } else if (event.live()) {
      path.metrics().latency(nowMs - entry.timestampMs());
    }
  }

  private void writeEnded() {
    if (write.step() > 0) {
      path.metrics().stalled(-1);
    }
    write.stop();
    inFlight = NOTHING;
  }

  private Batch nextBatch() {
    writing = true; // what the subscriptions do while they are asked must not start a write
    Batch batch = new Batch();
    for (ServerFrame frame = controls.poll(); frame != null; frame = controls.poll()) {
      batch.add(frame);
    }
    int idle = 0;
    while (idle < turns.size() && !batch.isFull()) {
      Subscription subscription = turns.removeFirst();
      turns.addLast(subscription);
      int sizeBefore = batch.size();
      takeTurn(subscription, batch);
      idle = batch.size() == sizeBefore ? idle + 1 : 0;
    }
    writing = false;
    return batch;
  }

  /** Adds what the subscription has to send, up to its share. */
  private void takeTurn(Subscription subscription, Batch batch) {
    for (int i = 0; i < FRAMES_PER_TURN && !batch.isFull(); i++) {
      Step step = subscription.next();
      if (step instanceof Send send) {
        batch.add(send.outgoing());
      } else {
        if (step instanceof Yield) {
          execute(this::pump);
        }
        break;
      }
    }
  }

  private static ServerFrame error(
      @Nullable Long id, String thread, ErrorCode code, String message) {
    return new ServerFrame.Error(id, thread, code, message);
  }

  /** Reports a write's end on the loop. */
  private final class Completion implements Outlet.Written {
    @Override
    public void succeeded() {
      execute(
          () -> {
            written();
            pump();
          });
    }

    @Override
    public void failed(Throwable cause) {
      log.debug("connection {}: write failed: {}", id, String.valueOf(cause));
      closed();
    }
  }
}
