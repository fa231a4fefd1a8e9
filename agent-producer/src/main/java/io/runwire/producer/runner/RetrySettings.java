package io.runwire.producer.runner;

import java.time.Duration;
import java.util.function.Predicate;

/**
 * How often a run is tried. Before attempt n+1 it waits a random time between {@code first} × 2ⁿ⁻¹
 * and twice that, and never longer than {@code longest}.
 *
 * @param attempts at most, the first one included
 * @param first the shortest wait before the second attempt
 * @param longest the longest wait
 * @param worthwhile which failures are tried again; a {@link java.util.concurrent.TimeoutException}
 *     where the attempt's time was up. Never asked about what is never tried again: a run that was
 *     cancelled, an {@link InvalidInputException}, a run whose events can no longer be written
 */
public record RetrySettings(
    int attempts, Duration first, Duration longest, Predicate<Throwable> worthwhile) {
  public static final RetrySettings DEFAULT =
      new RetrySettings(3, Duration.ofSeconds(1), Duration.ofSeconds(10), failure -> true);

  public RetrySettings {
    AgentSettings.requireAtLeastOne("attempts", attempts);
    AgentSettings.requirePositive("first backoff", first);
    if (longest.compareTo(first) < 0) {
      throw new IllegalArgumentException(
          "longest backoff: " + longest + " (expected: >= first backoff " + first + ")");
    }
  }
}
