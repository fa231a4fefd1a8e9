package io.runwire.producer.log;

import java.time.Duration;

/** Where runs are written. Safe from any thread. */
public interface EventLog {
  /**
   * Opens an attempt's way into the log.
   *
   * @param lease how long nothing may be acknowledged until the attempt must be taken as lost; the
   *     time after which the watchdog ends a silent run
   */
  RunLane open(RunAttempt attempt, Duration lease);

  /** The counters as they stand. */
  ProducerMetrics metrics();

  /**
   * Waits until everything taken is settled, then closes.
   *
   * @return false if something was left unsettled when the bound had passed
   */
  boolean close(Duration bound);
}
