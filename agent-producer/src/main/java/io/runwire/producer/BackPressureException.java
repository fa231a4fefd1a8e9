package io.runwire.producer;

/**
 * The run's window stayed full for as long as a call may wait: Kafka is slower than the agent, or
 * away. Nothing of the call was written and the run goes on: call again later, or do without.
 */
public final class BackPressureException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BackPressureException(String message) {
    super(message);
  }
}
