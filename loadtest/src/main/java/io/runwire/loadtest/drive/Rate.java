package io.runwire.loadtest.drive;

import java.util.function.LongSupplier;

/** How fast a count grows, from one look at it to the next. Belongs to one thread. */
final class Rate {
  private final LongSupplier nowMs;
  private long countBefore;
  private long lookedMs;

  Rate(LongSupplier nowMs) {
    this.nowMs = nowMs;
    this.lookedMs = nowMs.getAsLong();
  }

  /** Per second, since the last look. */
  long look(long count) {
    long now = nowMs.getAsLong();
    long elapsedMs = Math.max(1, now - lookedMs);
    long perSecond = Math.round((count - countBefore) * 1_000.0 / elapsedMs);
    lookedMs = now;
    countBefore = count;
    return perSecond;
  }
}
