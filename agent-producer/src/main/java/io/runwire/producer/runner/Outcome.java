package io.runwire.producer.runner;

import java.time.Duration;
import java.time.Instant;

/** What became of a run. Its last event in the log says the same, with the code given here. */
public sealed interface Outcome {
  /** The code of {@link TimedOut}. */
  String TIMEOUT = "TIMEOUT";

  /** The code of {@link Cancelled} by its handle; by a shutdown it is {@code AGENT_STOPPED}. */
  String CANCELLED = "CANCELLED";

  /** The code of {@link BreakerOpen}. */
  String BREAKER_OPEN = "BREAKER_OPEN";

  /** The code of {@link Rejected}. */
  String AGENT_BUSY = "AGENT_BUSY";

  /** The code of {@link Failed} where the run's events can no longer be written. */
  String RUN_LOST = "RUN_LOST";

  /** RUN_FINISHED, in that attempt. */
  record Finished(int attempt) implements Outcome {}

  /**
   * The last attempt failed, or the first one that is not to be tried again.
   *
   * @param code the {@link AgentException}'s, or {@code AGENT_ERROR}
   */
  record Failed(String code, String message, int attempt) implements Outcome {}

  /** The last attempt took longer than one may. */
  record TimedOut(Duration limit, int attempt) implements Outcome {}

  /** Ended from outside. */
  record Cancelled(String code) implements Outcome {}

  /**
   * The agent has failed too often in a row, in this run or others: no attempt was, or is, made.
   *
   * @param retryAt when it is tried again
   */
  record BreakerOpen(Instant retryAt) implements Outcome {}

  /**
   * The agent has as many runs as it may: no attempt was made.
   *
   * @param runs how many that is
   */
  record Rejected(int runs) implements Outcome {}
}
