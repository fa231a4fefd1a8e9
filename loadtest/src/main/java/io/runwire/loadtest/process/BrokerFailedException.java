package io.runwire.loadtest.process;

/** The broker did not start; the message says why and what to do. */
public final class BrokerFailedException extends RuntimeException {
  BrokerFailedException(String message) {
    super(message);
  }

  BrokerFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
