package io.runwire.loadtest.drive;

import java.util.function.LongSupplier;

/**
 * The two times there are.
 *
 * @param monotonicMs for waiting
 * @param wallMs since the epoch, for journals
 */
record Clocks(LongSupplier monotonicMs, LongSupplier wallMs) {
  static final Clocks SYSTEM =
      new Clocks(() -> System.nanoTime() / 1_000_000, System::currentTimeMillis);
}
