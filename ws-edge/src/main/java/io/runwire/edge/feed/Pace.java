package io.runwire.edge.feed;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * How fast history is read from Kafka, by all scans together: whoever catches up on an hour must
 * not be felt by those who are live. What was read is paid for before the next read; so who needs
 * one read does not wait, unless others have read just before him. Thread-safe.
 */
final class Pace {
  private static final long NANOS = 1_000_000_000;

  private final double nanosPerByte;
  private final LongSupplier nanoTime;
  private final LongConsumer sleepNanos;

  /** When all that was read is paid for. */
  private final AtomicLong paidNs;

  Pace(long bytesPerSecond) {
    this(bytesPerSecond, System::nanoTime, LockSupport::parkNanos);
  }

  Pace(long bytesPerSecond, LongSupplier nanoTime, LongConsumer sleepNanos) {
    this.nanosPerByte = (double) NANOS / bytesPerSecond;
    this.nanoTime = nanoTime;
    this.sleepNanos = sleepNanos;
    this.paidNs = new AtomicLong(nanoTime.getAsLong());
  }

  /** Waits until something may be read. */
  void await() {
    long waitNs = paidNs.get() - nanoTime.getAsLong();
    if (waitNs > 0) {
      sleepNanos.accept(waitNs);
    }
  }

  /** So much was read; time that was not used is not saved up. */
  void took(long bytes) {
    long nowNs = nanoTime.getAsLong();
    long costNs = (long) (bytes * nanosPerByte);
    paidNs.updateAndGet(paid -> (paid - nowNs > 0 ? paid : nowNs) + costNs);
  }
}
