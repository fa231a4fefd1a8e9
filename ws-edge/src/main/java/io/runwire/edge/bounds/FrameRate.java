package io.runwire.edge.bounds;

import io.runwire.edge.settings.BoundsSettings.Inbound;

/**
 * How many frames a client may still send: a token bucket. Jetty hands on a large frame in pieces,
 * as it arrives, and these cannot be told from the fragments of a message; so a piece costs a
 * thousandth of a frame, which a client that is cut into single bytes can afford and a flood of
 * empty fragments cannot.
 *
 * <p>Not thread-safe: belongs to the reading thread.
 */
public final class FrameRate {
  private static final long FRAME = 1_000;
  private static final long PIECE = 1;
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final Inbound limit;
  private long left;
  private long countedAtNanos;

  public FrameRate(Inbound limit, long nowNanos) {
    this.limit = limit;
    this.left = limit.burst() * FRAME;
    this.countedAtNanos = nowNanos;
  }

  /** Whether one more frame is within the rate. */
  public boolean frame(long nowNanos) {
    return take(FRAME, nowNanos);
  }

  /** Whether one more piece of a message is. */
  public boolean piece(long nowNanos) {
    return take(PIECE, nowNanos);
  }

  private boolean take(long cost, long nowNanos) {
    long full = limit.burst() * FRAME;
    long perSecond = limit.perSecond() * FRAME;
    long toFullNanos = (full - left) * NANOS_PER_SECOND / perSecond;
    long passedNanos = nowNanos - countedAtNanos;
    if (passedNanos >= toFullNanos) {
      left = full;
      countedAtNanos = nowNanos;
    } else {
      long earned = passedNanos * perSecond / NANOS_PER_SECOND;
      left += earned;
      // What is less than a unit is kept for the next time.
      countedAtNanos += earned * NANOS_PER_SECOND / perSecond;
    }
    if (left < cost) {
      return false;
    }
    left -= cost;
    return true;
  }
}
