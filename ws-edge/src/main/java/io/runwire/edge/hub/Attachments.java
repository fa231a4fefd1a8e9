package io.runwire.edge.hub;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * Which partitions this edge owns: those that a subscription follows, and for a while those that
 * one just left. Thread-safe.
 */
final class Attachments {
  private final LogSource log;
  private final Duration linger;
  private final ScheduledExecutorService timer;
  private final Map<Integer, Integer> followers = new HashMap<>();
  private final Map<Integer, ScheduledFuture<?>> leaving = new HashMap<>();

  Attachments(LogSource log, Duration linger, ScheduledExecutorService timer) {
    this.log = log;
    this.linger = linger;
    this.timer = timer;
  }

  synchronized void acquire(int partition) {
    int now = followers.merge(partition, 1, Integer::sum);
    ScheduledFuture<?> goodbye = leaving.remove(partition);
    if (goodbye != null) {
      goodbye.cancel(false);
    } else if (now == 1) {
      log.attach(partition);
    }
  }

  synchronized void release(int partition) {
    Integer left = followers.computeIfPresent(partition, (p, n) -> n == 1 ? null : n - 1);
    if (left == null) {
      leaving.put(
          partition,
          timer.schedule(() -> leave(partition), linger.toMillis(), TimeUnit.MILLISECONDS));
    }
  }

  /** Partitions owned now. */
  synchronized int count() {
    return followers.size() + leaving.size();
  }

  private synchronized void leave(int partition) {
    if (leaving.remove(partition) != null) {
      log.detach(partition);
    }
  }
}
