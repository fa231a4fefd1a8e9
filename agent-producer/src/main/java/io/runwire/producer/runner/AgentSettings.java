package io.runwire.producer.runner;

import io.runwire.config.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/**
 * What an agent may do. The keys of {@link #of(Map)} are public.
 *
 * @param runLimit how long one attempt of a run may take
 * @param toolLimit how long one tool call may take
 * @param retry how often a run is tried
 * @param breaker when the agent is left alone
 * @param runs how many of its runs may be going at a time; one that waits for its next attempt is
 *     going, and so is one whose code was given up and has not returned yet
 * @param tasks how many of its tool calls and sub-agents may be going at a time, over all runs
 */
public record AgentSettings(
    Duration runLimit,
    Duration toolLimit,
    RetrySettings retry,
    BreakerSettings breaker,
    int runs,
    int tasks) {
  public static final String RUN_LIMIT_MS = "agent.run.limit.ms";
  public static final String TOOL_LIMIT_MS = "agent.tool.limit.ms";
  public static final String ATTEMPTS = "agent.attempts";
  public static final String BACKOFF_FIRST_MS = "agent.backoff.first.ms";
  public static final String BACKOFF_LONGEST_MS = "agent.backoff.longest.ms";
  public static final String BREAKER_FAILURES = "agent.breaker.failures";
  public static final String BREAKER_OPEN_MS = "agent.breaker.open.ms";
  public static final String BREAKER_PROBES = "agent.breaker.probes";
  public static final String RUNS = "agent.runs";
  public static final String TASKS = "agent.tasks";

  public static final AgentSettings DEFAULT =
      new AgentSettings(
          Duration.ofSeconds(30),
          Duration.ofSeconds(10),
          RetrySettings.DEFAULT,
          BreakerSettings.DEFAULT,
          32,
          128);

  private static final ConfigDef KEYS =
      new ConfigDef()
          .define(
              RUN_LIMIT_MS,
              Type.LONG,
              DEFAULT.runLimit.toMillis(),
              Range.atLeast(1),
              Importance.HIGH,
              "how long one attempt of a run may take")
          .define(
              TOOL_LIMIT_MS,
              Type.LONG,
              DEFAULT.toolLimit.toMillis(),
              Range.atLeast(1),
              Importance.HIGH,
              "how long one tool call may take")
          .define(
              ATTEMPTS,
              Type.INT,
              DEFAULT.retry.attempts(),
              Range.atLeast(1),
              Importance.MEDIUM,
              "how often a run is tried, the first time included")
          .define(
              BACKOFF_FIRST_MS,
              Type.LONG,
              DEFAULT.retry.first().toMillis(),
              Range.atLeast(1),
              Importance.LOW,
              "the shortest wait before the second attempt; it doubles with each one")
          .define(
              BACKOFF_LONGEST_MS,
              Type.LONG,
              DEFAULT.retry.longest().toMillis(),
              Range.atLeast(1),
              Importance.LOW,
              "the longest wait before an attempt")
          .define(
              BREAKER_FAILURES,
              Type.INT,
              DEFAULT.breaker.failures(),
              Range.atLeast(1),
              Importance.MEDIUM,
              "failed attempts of an agent in a row after which it is left alone")
          .define(
              BREAKER_OPEN_MS,
              Type.LONG,
              DEFAULT.breaker.open().toMillis(),
              Range.atLeast(1),
              Importance.MEDIUM,
              "how long it is left alone")
          .define(
              BREAKER_PROBES,
              Type.INT,
              DEFAULT.breaker.probes(),
              Range.atLeast(1),
              Importance.LOW,
              "attempts that may then show that it is well again")
          .define(
              RUNS,
              Type.INT,
              DEFAULT.runs,
              Range.atLeast(1),
              Importance.MEDIUM,
              "how many runs of an agent may be going at a time")
          .define(
              TASKS,
              Type.INT,
              DEFAULT.tasks,
              Range.atLeast(1),
              Importance.MEDIUM,
              "how many tool calls and sub-agents of an agent may be going at a time");

  public AgentSettings {
    requirePositive("run limit", runLimit);
    requirePositive("tool limit", toolLimit);
    requireAtLeastOne("runs", runs);
    requireAtLeastOne("tasks", tasks);
  }

  /**
   * Reads the keys above.
   *
   * @throws org.apache.kafka.common.config.ConfigException naming the key that is unknown or out of
   *     range
   */
  public static AgentSettings of(Map<String, String> settings) {
    AbstractConfig read = Settings.read(KEYS, settings);
    if (read.getLong(BACKOFF_LONGEST_MS) < read.getLong(BACKOFF_FIRST_MS)) {
      throw new ConfigException(
          BACKOFF_LONGEST_MS, read.getLong(BACKOFF_LONGEST_MS), "expected: >= " + BACKOFF_FIRST_MS);
    }
    return new AgentSettings(
        millis(read, RUN_LIMIT_MS),
        millis(read, TOOL_LIMIT_MS),
        new RetrySettings(
            read.getInt(ATTEMPTS),
            millis(read, BACKOFF_FIRST_MS),
            millis(read, BACKOFF_LONGEST_MS),
            RetrySettings.DEFAULT.worthwhile()),
        new BreakerSettings(
            read.getInt(BREAKER_FAILURES),
            millis(read, BREAKER_OPEN_MS),
            read.getInt(BREAKER_PROBES)),
        read.getInt(RUNS),
        read.getInt(TASKS));
  }

  public AgentSettings withRunLimit(Duration limit) {
    return new AgentSettings(limit, toolLimit, retry, breaker, runs, tasks);
  }

  public AgentSettings withToolLimit(Duration limit) {
    return new AgentSettings(runLimit, limit, retry, breaker, runs, tasks);
  }

  public AgentSettings withAttempts(int attempts) {
    return withRetry(
        new RetrySettings(attempts, retry.first(), retry.longest(), retry.worthwhile()));
  }

  /** Only these failures are tried again. */
  public AgentSettings withRetryOf(Predicate<Throwable> worthwhile) {
    return withRetry(
        new RetrySettings(retry.attempts(), retry.first(), retry.longest(), worthwhile));
  }

  public AgentSettings withRetry(RetrySettings settings) {
    return new AgentSettings(runLimit, toolLimit, settings, breaker, runs, tasks);
  }

  public AgentSettings withBreaker(BreakerSettings settings) {
    return new AgentSettings(runLimit, toolLimit, retry, settings, runs, tasks);
  }

  /** How many runs, and how many tool calls and sub-agents, may be going at a time. */
  public AgentSettings withAtATime(int maxRuns, int maxTasks) {
    return new AgentSettings(runLimit, toolLimit, retry, breaker, maxRuns, maxTasks);
  }

  static void requirePositive(String what, Duration time) {
    if (time.toMillis() < 1) {
      throw new IllegalArgumentException(what + ": " + time + " (expected: >= 1 ms)");
    }
  }

  static void requireAtLeastOne(String what, int number) {
    if (number < 1) {
      throw new IllegalArgumentException(what + ": " + number + " (expected: >= 1)");
    }
  }

  private static Duration millis(AbstractConfig read, String key) {
    return Duration.ofMillis(read.getLong(key));
  }
}
