package io.runwire.loadtest.guarantee;

/** What an event that a client was handed is; the first that applies. */
enum Sighting {
  /** Of another thread or run than the client asked for. */
  FOREIGN,
  /** Nobody sent it and the log does not have it. */
  PHANTOM,
  /** Not the bytes, the end mark or the position that the log has for it. */
  ALTERED,
  /** The client has it already. */
  REPEATED,
  /** The client has a later one of its run. */
  LATE,
  /** Its run has ended. */
  AFTER_END,
  /** As it should be, as far as one event can tell. */
  FINE;

  private static final Sighting[] ALL = values();

  static Sighting of(byte ordinal) {
    return ALL[ordinal];
  }

  /** Whether it counts as seen where it belongs. */
  boolean counts() {
    return this != FOREIGN && this != PHANTOM;
  }
}
