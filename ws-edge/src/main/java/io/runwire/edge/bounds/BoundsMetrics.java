package io.runwire.edge.bounds;

/** Counts what the bounds do. Thread-safe. */
public interface BoundsMetrics {
  /** A connection was closed to make room for another. */
  void evicted(Eviction why);

  /** Somebody was not let in. */
  void refused(Refusal why);

  /** A request's head did not arrive in time. */
  void handshakeTimedOut();
}
