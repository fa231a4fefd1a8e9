package io.runwire.producer;

import io.runwire.producer.log.RunAttempt;

/**
 * The run cannot be written any further: Kafka refused it for good, or acknowledged nothing for the
 * run's timeout. The cause says which. Its watchers will see it end by the watchdog; a further
 * attempt may be started.
 */
public final class RunFailedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  RunFailedException(RunAttempt attempt, Throwable cause) {
    super(attempt + " failed: " + cause.getMessage(), cause);
  }
}
