package io.runwire.producer.runner;

/** A tool call that brought no result: it took too long, or too many are going. */
public final class ToolException extends AgentException {
  /** The call's time was up; its thread was interrupted and is waited for no longer. */
  public static final String TOOL_TIMEOUT = "TOOL_TIMEOUT";

  /** The agent has as many tool calls and sub-agents going as it may. */
  public static final String TOOL_BUSY = "TOOL_BUSY";

  private static final long serialVersionUID = 1L;

  ToolException(String code, String message) {
    super(code, message);
  }
}
