package io.runwire.loadtest.drive;

/**
 * How fast a socket is read: a bucket that holds at most one second's worth, and starts with a
 * fifth of it.
 */
final class ReadPace {
  private final int bytesPerSecond;
  private double available;
  private long filledMs;

  /**
   * @param bytesPerSecond 0 for no limit
   */
  ReadPace(int bytesPerSecond, long nowMs) {
    this.bytesPerSecond = bytesPerSecond;
    this.available = bytesPerSecond / 5.0;
    this.filledMs = nowMs;
  }

  boolean isLimited() {
    return bytesPerSecond > 0;
  }

  /** How many bytes may be read now. */
  int allowance(long nowMs) {
    if (bytesPerSecond == 0) {
      return Integer.MAX_VALUE;
    }
    available =
        Math.min(bytesPerSecond, available + (nowMs - filledMs) * (bytesPerSecond / 1_000.0));
    filledMs = nowMs;
    return (int) available;
  }

  void took(int bytes) {
    if (bytesPerSecond > 0) {
      available -= bytes;
    }
  }
}
