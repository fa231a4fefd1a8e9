package io.runwire.processor.watchdog;

import java.time.Duration;

/** Who counts what the watchdog does. Called on the stream threads; must be thread-safe. */
public interface WatchdogCounts {
  /** A run's end was written. */
  void ended(EndCode code);

  /** The timers of a partition began anew. */
  void restarted();

  /**
   * How a partition stands.
   *
   * @param runs under watch
   * @param overdue for how long the earliest deadline has passed without a word
   */
  void watching(int partition, int runs, Duration overdue);

  /** The partition is watched by another process from now on. */
  void released(int partition);
}
