package io.runwire.producer;

import java.time.Duration;

/**
 * How long a run waits for what.
 *
 * @param runTimeout the silence after which a run is taken as lost, where the run names no other:
 *     by the watchdog, if it hears nothing, and by the producer, if nothing is acknowledged
 * @param appendBound how long one call on a run may wait, for its turn and for room
 * @param closeBound how long {@code close()} waits until everything is settled
 */
public record RunLimits(Duration runTimeout, Duration appendBound, Duration closeBound) {
  public static final RunLimits DEFAULT =
      new RunLimits(Duration.ofSeconds(60), Duration.ofSeconds(3), Duration.ofSeconds(20));
}
