package io.runwire.edge.hub;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread and the connections it owns. Everything about a connection and its subscriptions
 * happens here, so none of it is locked; others hand in commands.
 *
 * <p>The commands waiting are bounded: one per partition (coalesced), one write completion per
 * connection, a slice of a sweep, a turn of a pump, and those of client frames, of which a socket
 * has but a few waiting.
 */
final class DeliveryLoop {
  private static final Logger log = LoggerFactory.getLogger(DeliveryLoop.class);

  /** So many write what they have before others have their turn. */
  private static final int CONNECTIONS_PER_TURN = 16;

  /** A sweep goes through the connections in so many calls. */
  static final int SLICES = 10;

  /**
   * Peers that are given up in one slice of a sweep; the others in the next sweep. Each costs some
   * 0.2 ms here, in Jetty and in the kernel, and who reads on pays for it.
   */
  static final int MOST_GIVEN_UP = 20;

  private final Executor executor;
  private final Windows windows;
  private final Set<Integer> advanced = ConcurrentHashMap.newKeySet();
  private final Map<Integer, Followers> followers = new HashMap<>();
  private final Set<Connection> connections = new LinkedHashSet<>();
  private final AtomicBoolean pumping = new AtomicBoolean();
  private Iterator<Connection> toSweep = Collections.emptyIterator();
  private int givenUp;
  private volatile int connectionCount;

  /**
   * @param executor runs commands one at a time, in order
   */
  DeliveryLoop(Executor executor, Windows windows) {
    this.executor = executor;
    this.windows = windows;
  }

  /** Hands in a command; any thread. A command that fails ends nothing but itself. */
  void execute(Runnable command) {
    try {
      executor.execute(() -> attempt(command));
    } catch (RejectedExecutionException e) {
      log.debug("edge is closed, command dropped");
    }
  }

  private static void attempt(Runnable command) {
    try {
      command.run();
    } catch (RejectedExecutionException e) {
      log.debug("edge is closing, nobody runs what a command hands on");
    } catch (RuntimeException e) {
      log.error("delivery command failed", e);
    }
  }

  /** A partition's window has moved; any thread. */
  void partitionAdvanced(int partition) {
    if (advanced.add(partition)) {
      execute(
          () -> {
            advanced.remove(partition);
            wakeFollowers(partition);
          });
    }
  }

  void add(Connection connection) {
    connections.add(connection);
    connectionCount = connections.size();
  }

  void remove(Connection connection) {
    connections.remove(connection);
    connectionCount = connections.size();
  }

  /** How many connections the loop owns; any thread. */
  int connectionCount() {
    return connectionCount;
  }

  /**
   * Looks at the next tenth of the connections for what is due; any thread. A thousand peers that
   * are given up at once must not keep waiting what others are to be handed.
   */
  void sweep() {
    execute(
        () -> {
          if (!toSweep.hasNext()) {
            toSweep = new ArrayList<>(connections).iterator();
          }
          givenUp = 0;
          int slice = connections.size() / SLICES + 1;
          for (int i = 0; i < slice && toSweep.hasNext(); i++) {
            attempt(toSweep.next()::sweep);
          }
        });
  }

  /** Whether one more may be given up in this slice. */
  boolean mayGiveUp() {
    return givenUp++ < MOST_GIVEN_UP;
  }

  /**
   * Has every connection write what it may have to write, a few at a time; any thread. A round that
   * has not ended is not joined by the next.
   */
  void pump() {
    if (pumping.compareAndSet(false, true)) {
      execute(() -> pump(new ArrayList<>(connections).iterator()));
    }
  }

  private void pump(Iterator<Connection> rest) {
    for (int i = 0; i < CONNECTIONS_PER_TURN && rest.hasNext(); i++) {
      attempt(rest.next()::pump);
    }
    if (rest.hasNext()) {
      execute(() -> pump(rest));
    } else {
      pumping.set(false);
    }
  }

  void follow(Subscription subscription) {
    followers
        .computeIfAbsent(subscription.partition(), p -> new Followers())
        .byThread
        .computeIfAbsent(subscription.thread(), t -> new LinkedHashSet<>())
        .add(subscription);
  }

  void unfollow(Subscription subscription) {
    Followers ofPartition = followers.get(subscription.partition());
    if (ofPartition == null) {
      return;
    }
    Set<Subscription> ofThread = ofPartition.byThread.get(subscription.thread());
    if (ofThread != null && ofThread.remove(subscription) && ofThread.isEmpty()) {
      ofPartition.byThread.remove(subscription.thread());
      if (ofPartition.byThread.isEmpty()) {
        followers.remove(subscription.partition());
      }
    }
  }

  private void wakeFollowers(int partition) {
    Followers ofPartition = followers.get(partition);
    if (ofPartition == null) {
      return;
    }
    Window window = windows.window(partition);
    Set<Connection> toPump = new LinkedHashSet<>();
    long generation = window.generation();
    if (generation != ofPartition.generation || window.start() > ofPartition.scanned) {
      // Opened, closed or opened again, or records have gone unseen: every position has to be
      // looked at.
      ofPartition.generation = generation;
      ofPartition.byThread.values().forEach(subs -> subs.forEach(s -> toPump.add(s.connection())));
    }
    Set<String> threads = new HashSet<>();
    ofPartition.scanned = window.threadsSince(ofPartition.scanned, threads::add);
    for (String thread : threads) {
      for (Subscription subscription : ofPartition.byThread.getOrDefault(thread, Set.of())) {
        toPump.add(subscription.connection());
      }
    }
    toPump.forEach(Connection::pump);
  }

  /** The subscriptions to one partition; {@code scanned} is this loop's own position in it. */
  private static final class Followers {
    final Map<String, Set<Subscription>> byThread = new HashMap<>();
    long scanned;
    long generation = -1;
  }
}
