package io.runwire.edge.hub;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many bytes all subscriptions together may have read ahead of their sockets. What is left is
 * given out in small parts, so that the first to come do not take it all; nobody is refused, since
 * a reader whose socket drains must go on beside those whose sockets do not. So the bound is the
 * budget, and {@value #LEAST_BYTES} bytes (or one event) for each subscription beyond. Thread-safe.
 */
public final class ReadBudget {
  /** The largest chunk. */
  static final int MOST_BYTES = 256 << 10;

  /** The smallest. */
  static final int LEAST_BYTES = 16 << 10;

  private static final int PART = 16;

  private final long budgetBytes;
  private final AtomicLong held = new AtomicLong();

  public ReadBudget(long budgetBytes) {
    this.budgetBytes = budgetBytes;
  }

  /** Bytes read ahead now, or being read. */
  public long heldBytes() {
    return held.get();
  }

  /** Reserves a part of what is left; returns its size in bytes. */
  int reserve() {
    long part = (budgetBytes - held.get()) / PART;
    int granted = (int) Math.max(LEAST_BYTES, Math.min(MOST_BYTES, part));
    held.addAndGet(granted);
    return granted;
  }

  /** What was reserved has become so much more, or less. */
  void adjust(long bytes) {
    held.addAndGet(bytes);
  }
}
