package io.runwire.producer.runner;

import io.runwire.producer.AgentRun;
import io.runwire.producer.RunEnd;
import io.runwire.producer.Runwire;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The last events of attempts, as users and programs read them: a code, a sentence, and in {@code
 * metadata.runwire} the agent, the attempt and how many there may be.
 */
final class Endings {
  private final Guard guard;
  private final int lastAttempt;

  Endings(Guard guard, int lastAttempt) {
    this.guard = guard;
    this.lastAttempt = lastAttempt;
  }

  RunEnd busy(AgentRun attempt) {
    String message =
        guard.agent() + " is busy with " + guard.settings().runs() + " runs: try again later.";
    return new RunEnd.Failed(Outcome.AGENT_BUSY, message, details(attempt));
  }

  /**
   * @param cause why the attempt failed, if it was made
   */
  RunEnd leftAlone(AgentRun attempt, Instant retryAt, Optional<Throwable> cause) {
    Map<String, Object> details = details(attempt);
    details.put("retryAt", retryAt.toString());
    String message =
        cause.map(thrown -> Failure.of(thrown).message() + " ").orElse("")
            + guard.agent()
            + " has failed too often and is left alone: try again at "
            + retryAt
            + ".";
    return new RunEnd.Failed(Outcome.BREAKER_OPEN, message, details);
  }

  RunEnd.Failed failed(AgentRun attempt, Throwable cause) {
    Failure failure = Failure.of(cause);
    return new RunEnd.Failed(failure.code(), failure.message(), details(attempt));
  }

  RunEnd cancelled(AgentRun attempt, String code) {
    String message =
        code.equals(Runwire.AGENT_STOPPED) ? "The agent was stopped." : "The run was cancelled.";
    return new RunEnd.Failed(code, message, details(attempt));
  }

  RunEnd retried(AgentRun attempt, Throwable cause, Duration delay) {
    Failure failure = Failure.of(cause);
    Map<String, Object> details = details(attempt);
    details.put("retryInMs", delay.toMillis());
    String next =
        " Trying again in "
            + Seconds.of(delay)
            + " (attempt "
            + (attempt.attempt() + 1)
            + " of "
            + lastAttempt
            + ").";
    return new RunEnd.FailedAttempt(failure.code(), failure.message() + next, details);
  }

  private Map<String, Object> details(AgentRun attempt) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("agent", guard.agent());
    details.put("attempt", attempt.attempt());
    details.put("of", lastAttempt);
    return details;
  }
}
