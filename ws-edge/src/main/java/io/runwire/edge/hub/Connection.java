package io.runwire.edge.hub;

import io.runwire.edge.hub.Outlet.Control;
import io.runwire.edge.hub.Outlet.Event;
import io.runwire.edge.hub.Outlet.Outgoing;
import io.runwire.edge.hub.Subscription.Send;
import io.runwire.edge.hub.Subscription.Step;
import io.runwire.edge.hub.Subscription.Yield;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ErrorCode;
import io.runwire.frame.ServerFrame;
import io.runwire.topic.ThreadPartitioner;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscriptions of one socket, and the one write that may be in flight on it. The next batch is
 * taken when the last is written, a few frames from each subscription in turn, so that a flood on
 * one thread does not starve another and a slow socket holds nothing.
 *
 * <p>The public methods hand a command to the connection's delivery loop and may be called from any
 * thread; everything else belongs to that loop.
 */
public final class Connection {
  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  /** A gathered write ends at whichever comes first; one event always fits. */
  private static final int BATCH_FRAMES = 32;

  private static final int BATCH_BYTES = 64 << 10;

  /** Frames that one subscription may put into a batch before the next has its turn. */
  private static final int FRAMES_PER_TURN = 8;

  /** Answers waiting for a socket that asks but does not read. */
  private static final int MAX_CONTROLS = 256;

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
  private volatile String reader;
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
    execute(() -> doSubscribe(requestId, thread, run, start));
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

  void execute(Runnable command) {
    loop.execute(command);
  }

  private void doSubscribe(long requestId, String thread, Optional<String> run, Start start) {
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
        new Subscription(requestId, thread, partition, run, start, this, path);
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
    new ArrayList<>(byThread.values()).forEach(this::remove);
    controls.clear();
    loop.remove(this);
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
        List<Outgoing> batch = nextBatch();
        if (!batch.isEmpty() && !closed) {
          writing = true;
          outlet.write(batch, new Completion(batch));
        }
      } while (pumpAgain && !writing && !closed);
    } catch (RuntimeException e) {
      // It would hang with its write half begun; the client comes back with its cursor.
      log.error("connection {} cannot go on", id, e);
      doClose(CloseCode.INTERNAL);
    }
  }

  private void written(List<Outgoing> batch) {
    writing = false;
    for (Outgoing outgoing : batch) {
      if (outgoing instanceof Event event) {
        path.metrics().delivered(event.entry().frame().size());
        if (event.live()) {
          path.metrics().latency(path.nowMs() - event.entry().timestampMs());
        }
      }
    }
  }

  private List<Outgoing> nextBatch() {
    writing = true; // what the subscriptions do while they are asked must not start a write
    List<Outgoing> batch = new ArrayList<>();
    for (ServerFrame frame = controls.poll(); frame != null; frame = controls.poll()) {
      batch.add(new Control(frame));
    }
    int bytes = 0;
    int idle = 0;
    while (idle < turns.size() && batch.size() < BATCH_FRAMES && bytes < BATCH_BYTES) {
      Subscription subscription = turns.removeFirst();
      turns.addLast(subscription);
      int sizeBefore = batch.size();
      bytes += takeTurn(subscription, batch, BATCH_BYTES - bytes);
      idle = batch.size() == sizeBefore ? idle + 1 : 0;
    }
    writing = false;
    return batch;
  }

  /** Adds what the subscription has to send, up to its share; returns the bytes added. */
  private int takeTurn(Subscription subscription, List<Outgoing> batch, int bytesLeft) {
    int bytes = 0;
    for (int i = 0; i < FRAMES_PER_TURN && bytes < bytesLeft; i++) {
      Step step = subscription.next();
      if (step instanceof Send send) {
        batch.add(send.outgoing());
        bytes += send.outgoing() instanceof Event event ? event.entry().frame().size() : 0;
      } else {
        if (step instanceof Yield) {
          execute(this::pump);
        }
        break;
      }
    }
    return bytes;
  }

  private static ServerFrame error(long id, String thread, ErrorCode code, String message) {
    return new ServerFrame.Error(id, thread, code, message);
  }

  /** Reports a write's end on the loop. */
  private final class Completion implements Outlet.Written {
    private final List<Outgoing> batch;

    Completion(List<Outgoing> batch) {
      this.batch = batch;
    }

    @Override
    public void succeeded() {
      execute(
          () -> {
            written(batch);
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
