package io.runwire.seal;

import org.apache.kafka.common.errors.TimeoutException;

/** A key cannot be had now; whether it exists is not known. Whoever needs it tries again. */
public final class KeysUnavailableException extends TimeoutException {
  public KeysUnavailableException(String message) {
    super(message);
  }

  public KeysUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
