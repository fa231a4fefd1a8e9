package io.runwire.processor.watchdog;

import java.util.Optional;

/**
 * Tells up to when everything that agents had written can be read in thread-events. By this the
 * watchdog's timers run, and not by the time of day: while a router is paused, a broker away or
 * this process behind, silence says nothing of an agent.
 */
@FunctionalInterface
public interface RoutedUpTo {
  /**
   * The last that is known of a partition. Returns at once; called on the stream threads.
   *
   * @return empty as long as nothing is known
   */
  Optional<Horizon> of(int partition);

  /**
   * What stood in a partition of agent-events at a time stands in thread-events before an offset,
   * or was rejected.
   *
   * @param atMs in milliseconds of the process's own clock, {@code nanoTime}'s
   * @param end offset in thread-events
   */
  record Horizon(long atMs, long end) {}
}
