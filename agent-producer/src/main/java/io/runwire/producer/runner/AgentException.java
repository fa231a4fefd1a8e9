package io.runwire.producer.runner;

/** A failure that the agent knows by a code, such as {@code QUOTA_EXCEEDED}. */
public class AgentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  /**
   * @param code for programs
   * @param message for people: it is shown to the user as it is
   */
  public AgentException(String code, String message) {
    super(message);
    this.code = code;
  }

  public final String code() {
    return code;
  }
}
