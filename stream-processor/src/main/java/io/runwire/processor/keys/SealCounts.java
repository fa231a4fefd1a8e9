package io.runwire.processor.keys;

/** Who counts what is sealed. Called on the stream threads; must be thread-safe. */
public interface SealCounts {
  void sealed();

  /** A record was erased before it was routed. */
  void erased();

  void keyMade();
}
