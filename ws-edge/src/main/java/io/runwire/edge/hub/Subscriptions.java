package io.runwire.edge.hub;

import io.runwire.edge.hub.DeliveryEvidence.Failure;
import io.runwire.edge.hub.Outlet.Event;
import io.runwire.edge.hub.Outlet.Outgoing;
import io.runwire.edge.hub.Step.Send;
import io.runwire.edge.hub.Step.Yield;
import io.runwire.topic.ThreadPartitioner;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * The subscriptions of one connection, and whose turn it is: a batch takes a few frames from each,
 * so that a flood on one thread does not starve another. Belongs to the connection's delivery loop.
 */
final class Subscriptions {
  /** Frames that one subscription may put into a batch before the next has its turn. */
  private static final int FRAMES_PER_TURN = 8;

  private final Connection connection;
  private final DeliveryLoop loop;
  private final ReadPath path;
  private final Attachments attachments;

  // Small at first: most connections follow one thread, and there are many of them.
  private final Map<String, Subscription> byThread = new HashMap<>(2);
  private final List<Subscription> inTurn = new ArrayList<>(1);

  /** Whose turn is next. */
  private int turn;

  Subscriptions(Connection connection, DeliveryLoop loop, ReadPath path, Attachments attachments) {
    this.connection = connection;
    this.loop = loop;
    this.path = path;
    this.attachments = attachments;
  }

  int size() {
    return inTurn.size();
  }

  Optional<Subscription> to(String thread) {
    return Optional.ofNullable(byThread.get(thread));
  }

  void add(long requestId, String thread, Optional<String> run, Start start, boolean acknowledges) {
    int partition = ThreadPartitioner.partition(thread, path.identity().partitions());
    Subscription subscription =
        new Subscription(requestId, thread, partition, run, start, acknowledges, connection, path);
    byThread.put(thread, subscription);
    inTurn.add(subscription);
    // Register, then read: whatever is appended from here on wakes the connection.
    loop.follow(subscription);
    attachments.acquire(partition);
  }

  void remove(Subscription subscription) {
    remove(subscription, Optional.empty());
  }

  /**
   * Ends a subscription.
   *
   * @param failure why it was given up
   */
  void remove(Subscription subscription, Optional<Failure> failure) {
    if (!byThread.remove(subscription.thread(), subscription)) {
      return; // the connection was closed while its subscriptions were gone through
    }
    subscription.end(failure);
    int index = inTurn.indexOf(subscription);
    inTurn.remove(index);
    if (index < turn) {
      turn--;
    }
    loop.unfollow(subscription);
    attachments.release(subscription.partition());
  }

  /** Ends all, with evidence of what each did not get of what was to be written. */
  void giveUp(RetryCause cause, int retries, InFlight inFlight) {
    forEach(
        each -> {
          long from = Math.min(inFlight.firstOf(each.thread()), each.deliveredUpTo());
          remove(each, Optional.of(new Failure(cause, retries, from)));
        });
  }

  /** Does something with each, which may remove it. */
  void forEach(Consumer<Subscription> action) {
    new ArrayList<>(inTurn).forEach(action);
  }

  /** Whether one matches; asks no further then. */
  boolean any(Predicate<Subscription> condition) {
    for (int i = 0; i < inTurn.size(); i++) { // asking one may end it
      if (condition.test(inTurn.get(i))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Fills a batch, or empties the subscriptions, in turn.
   *
   * @return whether one of them wants to be asked again when others had their turn
   */
  boolean fill(Batch batch) {
    boolean yielded = false;
    int idle = 0;
    while (idle < inTurn.size() && !batch.isFull()) {
      turn = turn < inTurn.size() ? turn : 0;
      Subscription subscription = inTurn.get(turn++);
      int sizeBefore = batch.size();
      yielded |= takeTurn(subscription, batch) instanceof Yield;
      idle = batch.size() == sizeBefore ? idle + 1 : 0;
    }
    return yielded;
  }

  /** Adds what the subscription has to send, up to its share; returns what it said last. */
  private static Step takeTurn(Subscription subscription, Batch batch) {
    Step step = subscription.next();
    for (int taken = 1; step instanceof Send send; taken++) {
      batch.add(send.outgoing());
      if (taken == FRAMES_PER_TURN || batch.isFull()) {
        break;
      }
      step = subscription.next();
    }
    return step;
  }

  /** What was taken from them has been written. */
  void written(Batch batch) {
    long nowMs = path.nowMs();
    for (Outgoing outgoing : batch.frames()) {
      if (outgoing instanceof Event event) {
        written(event, nowMs);
      }
    }
  }

  private void written(Event event, long nowMs) {
    LogEntry entry = event.entry();
    to(entry.thread()).ifPresent(each -> each.written(entry, nowMs));
    path.metrics().delivered(entry.frame().size());
    if (event.redelivery() > 0) {
      path.metrics().redelivered();
    } else if (event.live()) {
      path.metrics().latency(nowMs - entry.timestampMs());
    }
  }
}
