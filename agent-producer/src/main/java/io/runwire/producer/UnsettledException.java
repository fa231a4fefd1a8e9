package io.runwire.producer;

/**
 * Closing waited its bound, or was interrupted, before everything was known to stand in the log. A
 * closed run is still being sent until its {@link Runwire} is closed.
 */
public final class UnsettledException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsettledException(String message) {
    super(message);
  }
}
