package io.runwire.edge.feed;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.runwire.edge.settings.HistorySettings;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A circuit breaker for each partition's history: where one has no leader, the others can be read.
 * Thread-safe.
 */
final class Breakers {
  private static final Duration LONGEST_PROBE = Duration.ofSeconds(30);

  private final CircuitBreakerConfig config;
  private final Map<Integer, CircuitBreaker> byPartition = new ConcurrentHashMap<>();

  /**
   * @param clock a steady one
   */
  Breakers(HistorySettings settings, Clock clock) {
    this.config =
        CircuitBreakerConfig.custom()
            .slidingWindowType(SlidingWindowType.COUNT_BASED)
            .slidingWindowSize(settings.breakerFailures())
            .minimumNumberOfCalls(settings.breakerFailures())
            .failureRateThreshold(100)
            .waitDurationInOpenState(settings.breakerOpen())
            .permittedNumberOfCallsInHalfOpenState(1)
            .maxWaitDurationInHalfOpenState(LONGEST_PROBE)
            .clock(clock)
            .currentTimestampFunction(Clock::millis, TimeUnit.MILLISECONDS)
            .build();
  }

  /** The breaker of a partition, which opens after so many failures in a row. */
  CircuitBreaker of(int partition) {
    return byPartition.computeIfAbsent(
        partition, p -> CircuitBreaker.of("history-" + partition, config));
  }

  /** How many partitions' breakers are in a state; one that was never asked has none. */
  long count(State state) {
    return byPartition.values().stream().filter(each -> each.getState() == state).count();
  }
}
