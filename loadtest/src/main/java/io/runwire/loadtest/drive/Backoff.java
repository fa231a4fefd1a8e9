package io.runwire.loadtest.drive;

import java.util.function.DoubleSupplier;

/**
 * Exponential back-off with full jitter: each wait is drawn from 0 to a ceiling that doubles, from
 * 250 ms to 10 s. (AWS Architecture Blog, "Exponential Backoff and Jitter".)
 */
final class Backoff {
  private static final long BASE_MS = 250;
  private static final long CAP_MS = 10_000;

  private final DoubleSupplier random;
  private long ceilingMs = BASE_MS;

  /**
   * @param random from 0, inclusive, to 1
   */
  Backoff(DoubleSupplier random) {
    this.random = random;
  }

  long nextMs() {
    long waitMs = (long) (random.getAsDouble() * ceilingMs);
    ceilingMs = Math.min(CAP_MS, 2 * ceilingMs);
    return waitMs;
  }

  void reset() {
    ceilingMs = BASE_MS;
  }
}
