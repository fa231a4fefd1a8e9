package io.runwire.edge.bounds;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at everything that waits for a time, in one tick: ten thousand quiet sockets cost ten
 * thousand comparisons, and no task each. Thread-safe.
 */
public final class Deadlines {
  private static final Logger log = LoggerFactory.getLogger(Deadlines.class);

  /** How much later than its time something may be noticed. */
  private static final Duration TICK = Duration.ofMillis(100);

  /** Something with a next deadline. Both methods are called on the timer's thread. */
  public interface Watched {
    /** When it wants to be looked at, by the monotonic clock. Must not take a lock. */
    long dueNanos();

    /** The time has come. */
    void due(long nowNanos);
  }

  private final Set<Watched> watched = ConcurrentHashMap.newKeySet();
  private final LongSupplier nanoTime;

  /**
   * @param nanoTime a monotonic clock: a step of the wall clock must not end anything
   */
  public Deadlines(ScheduledExecutorService timer, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    var unused =
        timer.scheduleWithFixedDelay(
            this::tick, TICK.toMillis(), TICK.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** The monotonic clock by which deadlines are set. */
  public long nowNanos() {
    return nanoTime.getAsLong();
  }

  public void watch(Watched what) {
    watched.add(what);
  }

  public void forget(Watched what) {
    watched.remove(what);
  }

  /** How many are watched. */
  public int count() {
    return watched.size();
  }

  private void tick() {
    long now = nowNanos();
    for (Watched each : watched) {
      if (now - each.dueNanos() >= 0) {
        try {
          each.due(now);
        } catch (RuntimeException e) {
          log.error("a deadline could not be kept", e);
        }
      }
    }
  }
}
