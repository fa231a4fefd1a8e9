package io.runwire.edge.hub;

import io.runwire.cursor.Cursor;
import io.runwire.edge.hub.RetryTimer.Due;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ErrorCode;
import io.runwire.frame.ServerFrame;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One socket, as the hub sees it: what its client follows and acknowledges, and what it is told. A
 * socket that takes no write, or a client that does not acknowledge as it said, is waited for on a
 * schedule and then given up.
 *
 * <p>The public methods hand a command to the connection's delivery loop and may be called from any
 * thread; everything else belongs to that loop.
 */
public final class Connection {
  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  /** Acks of what was never sent, one after the other, before the socket is closed with 4501. */
  private static final int MAX_BAD_ACKS = 10;

  private final String id;
  private final Outlet outlet;
  private final DeliveryLoop loop;
  private final ReadPath path;
  private final int maxSubscriptions;
  private final Subscriptions subscriptions;
  private final Sender sender;
  private volatile String reader;
  private int badAcks;
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
    this.maxSubscriptions = maxSubscriptions;
    this.subscriptions = new Subscriptions(this, loop, path, attachments);
    this.sender = new Sender(this, subscriptions, outlet, path);
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

  /**
   * Ends the subscriptions to threads that may no longer be read, and says so.
   *
   * @param threads that may be followed
   * @param history whose history may be read: who is still reading it needs that, too
   */
  public void keepOnly(Predicate<String> threads, Predicate<String> history) {
    execute(
        () ->
            subscriptions.forEach(
                subscription -> {
                  String thread = subscription.thread();
                  boolean kept =
                      threads.test(thread) && (history.test(thread) || !subscription.isInHistory());
                  if (!kept) {
                    subscriptions.remove(subscription);
                    refuse(null, thread, ErrorCode.FORBIDDEN, "right lost");
                    enqueue(new ServerFrame.Unsubscribed(null, thread));
                  }
                }));
  }

  /** Sends a frame that is no event. */
  public void send(ServerFrame frame) {
    execute(() -> enqueue(frame));
  }

  /** Sends a frame that only shows life, unless something is on its way already. */
  public void sendUnlessBusy(ServerFrame frame) {
    execute(
        () -> {
          if (sender.isIdle()) {
            enqueue(frame);
          }
        });
  }

  /** Closes the socket if it follows no thread. */
  public void closeUnlessFollowing(CloseCode code) {
    execute(
        () -> {
          if (subscriptions.size() == 0) {
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
    if (subscriptions.to(thread).isPresent()) {
      refuse(requestId, thread, ErrorCode.ALREADY_SUBSCRIBED, "one subscription a thread");
    } else if (subscriptions.size() >= maxSubscriptions) {
      String most = "at most " + maxSubscriptions + " a connection";
      refuse(requestId, thread, ErrorCode.TOO_MANY_SUBSCRIPTIONS, most);
    } else {
      subscriptions.add(requestId, thread, run, start, acknowledges);
      pump();
    }
  }

  private void doUnsubscribe(long requestId, String thread) {
    Optional<Subscription> subscription = subscriptions.to(thread);
    if (subscription.isEmpty()) {
      refuse(requestId, thread, ErrorCode.NOT_SUBSCRIBED, "not subscribed");
      return;
    }
    subscriptions.remove(subscription.get());
    enqueue(new ServerFrame.Unsubscribed(requestId, thread));
  }

  private void doAcknowledge(String thread, Cursor cursor) {
    Optional<Subscription> subscription = subscriptions.to(thread);
    if (subscription.isEmpty()) {
      refuse(null, thread, ErrorCode.NOT_SUBSCRIBED, "not subscribed");
    } else if (subscription.get().acknowledge(cursor)) {
      badAcks = 0;
      pump();
    } else if (++badAcks >= MAX_BAD_ACKS) {
      doClose(CloseCode.BAD_REQUESTS);
    } else {
      refuse(null, thread, ErrorCode.BAD_REQUEST, "ack: of what was not sent");
    }
  }

  /** Ends a subscription that cannot be served. */
  void fail(Subscription subscription, long requestId, ErrorCode code, String message) {
    subscriptions.remove(subscription);
    refuse(requestId, subscription.thread(), code, message);
  }

  private void refuse(@Nullable Long requestId, String thread, ErrorCode code, String message) {
    enqueue(new ServerFrame.Error(requestId, thread, code, message));
  }

  private void enqueue(ServerFrame frame) {
    if (closed) {
      return;
    }
    if (!sender.offer(frame)) {
      doClose(CloseCode.RATE_EXCEEDED);
      return;
    }
    if (frame instanceof ServerFrame.Error error) {
      path.metrics().refused(error.code());
    }
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
    sender.end();
    subscriptions.forEach(subscriptions::remove);
    loop.remove(this);
  }

  /** Looks at what is due: the write in flight, acknowledgements, evidence. */
  void sweep() {
    if (closed) {
      return;
    }
    InFlight inFlight = sender.inFlight();
    if (inFlight.isSlow()) {
      subscriptions.forEach(Subscription::release);
    }
    if (inFlight.check() == Due.GIVE_UP) {
      giveUp(RetryCause.WRITE, inFlight.retries());
      return;
    }
    long nowMs = path.nowMs();
    // Who cannot be written to cannot be expected to acknowledge.
    if (!inFlight.isStalled() && subscriptions.any(each -> each.sweep(nowMs))) {
      giveUp(RetryCause.ACK, path.retries().retries());
    }
  }

  /** Not to be had: the client comes back with its cursor, here or elsewhere. */
  private void giveUp(RetryCause cause, int retries) {
    if (!loop.mayGiveUp()) {
      return; // it is as due in the next sweep
    }
    log.debug("connection {} is given up: {} after {} retries", id, cause, retries);
    subscriptions.giveUp(cause, retries, sender.inFlight());
    path.metrics().gaveUp(cause);
    path.metrics().closed(CloseCode.TOO_SLOW);
    boolean inTheMiddle = !sender.inFlight().isEmpty();
    forget();
    if (inTheMiddle) {
      outlet.abort(CloseCode.TOO_SLOW);
    } else {
      outlet.close(CloseCode.TOO_SLOW);
    }
  }

  /** Writes what there is, unless a write is in flight. */
  void pump() {
    sender.pump();
  }
}
