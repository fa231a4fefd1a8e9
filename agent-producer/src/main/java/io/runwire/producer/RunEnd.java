package io.runwire.producer;

import java.util.Map;
import java.util.Optional;

/** How an attempt of a run ends. */
public sealed interface RunEnd {
  /** Well: RUN_FINISHED, with what came of it. */
  record Completed(Optional<Object> result) implements RunEnd {}

  /**
   * With an error, for good: RUN_ERROR.
   *
   * @param code for programs, e.g. {@code QUOTA_EXCEEDED}
   * @param message for people; cut after some thousand chars
   * @param details more for programs; stands in the event as {@code metadata.runwire}
   */
  record Failed(String code, String message, Map<String, Object> details) implements RunEnd {
    /** By an exception of the agent's: watchers see its kind and message, not its stack. */
    public static Failed of(Throwable cause) {
      return new Failed(AgentRun.AGENT_ERROR, AgUi.describe(cause), Map.of());
    }
  }

  /** With an error, and another attempt follows: RUN_ERROR with the header {@code final: false}. */
  record FailedAttempt(String code, String message, Map<String, Object> details)
      implements RunEnd {}
}
