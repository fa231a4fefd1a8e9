package io.runwire.producer.runner;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.timelimiter.TimeLimiter;
import io.runwire.producer.BackPressureException;
import io.runwire.producer.RunFailedException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One agent's limits, shared by all its runs: Resilience4j's breaker, bulkheads, retry and time
 * limiters as {@link AgentSettings} say. Thread-safe.
 */
final class Guard {
  /** With 1.5 × first ± a third, doubling, the wait before attempt n+1 is first × 2ⁿ⁻¹ … 2ⁿ. */
  private static final double MIDDLE = 1.5;

  private static final double AROUND_MIDDLE = 1.0 / 3;
  private static final float ALL_PERCENT = 100;

  private static final Logger LOG = LoggerFactory.getLogger(Guard.class);

  private final String agent;
  private final AgentSettings settings;
  private final Clock clock;
  private final CircuitBreaker breaker;
  private final Bulkhead runs;
  private final Bulkhead tasks;
  private final Retry retry;
  private final TimeLimiter runLimiter;
  private final TimeLimiter toolLimiter;
  private volatile Instant closedUntil = Instant.MIN;

  Guard(String agent, AgentSettings settings, Clock clock) {
    this.agent = agent;
    this.settings = settings;
    this.clock = clock;
    this.breaker = CircuitBreaker.of(agent, breaker(settings.breaker(), clock));
    breaker
        .getEventPublisher()
        .onStateTransition(
            event -> {
              if (event.getStateTransition().getToState() == CircuitBreaker.State.OPEN) {
                closedUntil = clock.instant().plus(settings.breaker().open());
              }
            });
    this.runs = bulkhead("runs of " + agent, settings.runs());
    this.tasks = bulkhead("tasks of " + agent, settings.tasks());
    this.retry = Retry.of(agent, retry(settings.retry()));
    this.runLimiter = TimeLimiter.of(settings.runLimit());
    this.toolLimiter = TimeLimiter.of(settings.toolLimit());
  }

  String agent() {
    return agent;
  }

  AgentSettings settings() {
    return settings;
  }

  /** Whether one more run may go; if so, {@link #returnRun} once. */
  boolean takeRun() {
    return runs.tryAcquirePermission();
  }

  void returnRun() {
    runs.onComplete();
  }

  /** Whether one more tool call or sub-agent may go; if so, {@link #returnTask} once. */
  boolean takeTask() {
    return tasks.tryAcquirePermission();
  }

  void returnTask() {
    tasks.onComplete();
  }

  /** Why there is no room for one more. */
  ToolException busy() {
    return new ToolException(
        ToolException.TOOL_BUSY,
        agent + " has " + settings.tasks() + " tool calls and sub-agents going.");
  }

  /** Whether an attempt may be made; if so, tell once what came of it. */
  boolean admits() {
    return breaker.tryAcquirePermission();
  }

  void succeeded(Duration took) {
    breaker.onSuccess(took.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** Counts against the agent, unless it could not help it. */
  void failed(Duration took, Throwable failure) {
    if (failure instanceof InvalidInputException
        || failure instanceof BackPressureException
        || failure instanceof RunFailedException) {
      unjudged();
    } else {
      breaker.onError(took.toNanos(), TimeUnit.NANOSECONDS, failure);
    }
  }

  /** An attempt that says nothing of the agent. */
  void unjudged() {
    breaker.releasePermission();
  }

  /** When the agent is tried again, if it is left alone now. */
  Optional<Instant> closedUntil() {
    return breaker.getState() == CircuitBreaker.State.OPEN && clock.instant().isBefore(closedUntil)
        ? Optional.of(closedUntil)
        : Optional.empty();
  }

  /** When it is worth to ask again, for somebody who was not admitted. */
  Instant retryAt() {
    return closedUntil()
        .orElse(clock.instant().plus(settings.runLimit())); // a probe's is the limit
  }

  /** What knows how often one run has been tried. */
  Retry.AsyncContext<Object> attempts() {
    return retry.asyncContext();
  }

  TimeLimiter runLimiter() {
    return runLimiter;
  }

  TimeLimiter toolLimiter() {
    return toolLimiter;
  }

  private static CircuitBreakerConfig breaker(BreakerSettings settings, Clock clock) {
    return CircuitBreakerConfig.custom()
        .slidingWindow(
            settings.failures(),
            settings.failures(),
            CircuitBreakerConfig.SlidingWindowType.COUNT_BASED)
        .failureRateThreshold(ALL_PERCENT)
        .slowCallRateThreshold(ALL_PERCENT)
        .slowCallDurationThreshold(Duration.ofDays(1)) // slow is not failed
        .waitDurationInOpenState(settings.open())
        .permittedNumberOfCallsInHalfOpenState(settings.probes())
        .clock(clock)
        .build();
  }

  private static Bulkhead bulkhead(String name, int atATime) {
    return Bulkhead.of(
        name,
        BulkheadConfig.custom().maxConcurrentCalls(atATime).maxWaitDuration(Duration.ZERO).build());
  }

  private static RetryConfig retry(RetrySettings settings) {
    return RetryConfig.custom()
        .maxAttempts(settings.attempts())
        .intervalFunction(
            IntervalFunction.ofExponentialRandomBackoff(
                Math.max(1, Math.round(settings.first().toMillis() * MIDDLE)),
                2,
                AROUND_MIDDLE,
                settings.longest().toMillis()))
        .retryOnException(failure -> mayHelp(failure) && isWorthwhile(settings, failure))
        .build();
  }

  private static boolean isWorthwhile(RetrySettings settings, Throwable failure) {
    try {
      return settings.worthwhile().test(failure);
    } catch (RuntimeException e) {
      LOG.warn("whether to try again after {} is not known", failure.getClass().getName(), e);
      return false;
    }
  }

  private static boolean mayHelp(Throwable failure) {
    return !(failure instanceof InvalidInputException || failure instanceof RunFailedException);
  }
}
