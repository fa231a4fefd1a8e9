package io.runwire.edge.hub;

/**
 * What keeps a subscription from being served: the client is told once an outage, and it is tried
 * again every second. Belongs to its connection's delivery loop.
 */
final class Outage {
  private static final long RETRY_MS = 1_000;

  /** A window that is not open after this time is an outage. */
  private static final long OPENING_MS = 5_000;

  private static final long NEVER = -1;

  private boolean told;
  private long failedAtMs;
  private long openingSinceMs = NEVER;

  /** It cannot be served now; whether the client is to be told. */
  boolean begin() {
    boolean begins = !told;
    told = true;
    return begins;
  }

  /**
   * Something could be read: the next outage is another one.
   *
   * @param logAway whether what is new may not come all the same
   */
  void end(boolean logAway) {
    told = told && logAway;
  }

  void retryLater(long nowMs) {
    failedAtMs = nowMs;
  }

  /** The clock may have been put back. */
  boolean isRetryDue(long nowMs) {
    return nowMs - failedAtMs >= RETRY_MS || nowMs < failedAtMs;
  }

  /** The window is not open yet; whether that takes too long. */
  boolean isOpeningLate(long nowMs) {
    if (openingSinceMs == NEVER || nowMs < openingSinceMs) {
      openingSinceMs = nowMs;
    }
    return nowMs - openingSinceMs >= OPENING_MS;
  }

  /** The window is open, and would have to be waited for anew. */
  void opened() {
    openingSinceMs = NEVER;
  }
}
