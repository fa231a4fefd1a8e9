package io.runwire.edge.hub;

/**
 * When a client is told how far its thread was read: once, when replay has caught up, and while the
 * thread is quiet now and then, so that its cursor does not rot. Belongs to its connection's
 * delivery loop.
 */
final class LiveNotice {
  static final long EVERY_RECORDS = 10_000;
  static final long EVERY_MS = 10_000;

  private boolean live;
  private long toldOffset;
  private long toldAtMs;

  /** Whether replay has caught up, as the client was told. */
  boolean isLive() {
    return live;
  }

  /** The furthest position that the client was told of. */
  long toldOffset() {
    return toldOffset;
  }

  /** The client is told of a position, by whatever frame. */
  void told(long offset, long nowMs) {
    toldOffset = Math.max(toldOffset, offset);
    toldAtMs = nowMs;
  }

  /**
   * Reading has caught up at an offset; whether the client is to be told so now. The clock may have
   * been put back.
   */
  boolean isDue(long offset, long nowMs) {
    return !live
        || offset - toldOffset >= EVERY_RECORDS
        || (offset > toldOffset && (nowMs - toldAtMs >= EVERY_MS || nowMs < toldAtMs));
  }

  void caughtUp() {
    live = true;
  }

  /** There is something to catch up with again: a gap was found, or the log is away. */
  void fellBehind() {
    live = false;
  }

  /** What the client was told counts no longer. */
  void forget() {
    toldOffset = 0;
  }
}
