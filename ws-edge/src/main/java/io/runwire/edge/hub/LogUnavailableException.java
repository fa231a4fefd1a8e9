package io.runwire.edge.hub;

/** The log cannot be read now; trying again later is reasonable. */
public final class LogUnavailableException extends Exception {
  public LogUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
