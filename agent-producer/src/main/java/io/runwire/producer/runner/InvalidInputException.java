package io.runwire.producer.runner;

/** What was asked cannot be done. Never tried again, and no failure of the agent's. */
public final class InvalidInputException extends AgentException {
  /** Its code. */
  public static final String INVALID_INPUT = "INVALID_INPUT";

  private static final long serialVersionUID = 1L;

  public InvalidInputException(String message) {
    super(INVALID_INPUT, message);
  }
}
