package io.runwire.producer.kafka;

import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How long an attempt may go on while nothing of it is acknowledged: as long as the watchdog hears
 * nothing and waits.
 *
 * <p>Not thread-safe: guarded by its lane's lock.
 */
final class Lease {
  private final Duration length;
  private final LongSupplier nanoTime;
  private long startNs;

  Lease(Duration length, LongSupplier nanoTime) {
    this.length = length;
    this.nanoTime = nanoTime;
    renew();
  }

  void renew() {
    startNs = nanoTime.getAsLong();
  }

  boolean hasPassed() {
    return nanoTime.getAsLong() - startNs >= length.toNanos();
  }

  /** Why an attempt whose lease has passed has failed. */
  TimeoutException loss(@Nullable Exception lastError) {
    TimeoutException loss =
        new TimeoutException(
            "nothing acknowledged for " + length + ": the attempt must be taken as lost");
    if (lastError != null) {
      loss.initCause(lastError);
    }
    return loss;
  }
}
