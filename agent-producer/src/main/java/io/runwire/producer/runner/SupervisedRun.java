package io.runwire.producer.runner;

import io.github.resilience4j.retry.Retry;
import io.runwire.event.EnvelopeReader;
import io.runwire.producer.AgentRun;
import io.runwire.producer.RunEnd;
import io.runwire.producer.RunFailedException;
import io.runwire.producer.RunLimits;
import io.runwire.producer.RunOptions;
import io.runwire.producer.Runwire;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run's life over its attempts.
 *
 * <pre>
 *   begin ─refused─────────────────────────────────────────────▶ OVER
 *     │                 returned, failed for good, cancelled       ▲
 *     └────▶ GOING ────────────────────────────────────────────────┤
 *              ▲ │ failed, and is tried again                      │
 *              │ ▼                                                 │
 *            WAITING ──cancelled, breaker open─────────────────────┘
 * </pre>
 *
 * <p>What ends an attempt is whatever completes its task first: the code, the time limit or a
 * cancellation. Then the thread is interrupted, and the attempt's end is written; from there on the
 * run refuses what the thread still writes. So a thread that ignores its interrupt is harmless to
 * watchers, but holds the run's slot until it returns.
 *
 * <p>Threads: begins on the caller's, goes on on the runner's; the timer only hands over.
 */
final class SupervisedRun {
  private static final Logger LOG = LoggerFactory.getLogger(SupervisedRun.class);

  private final Supervision with;
  private final Guard guard;
  private final RunOptions options;
  private final Agent agent;
  private final Retry.AsyncContext<Object> attempts;
  private final Endings endings;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private final AtomicInteger holdsOfSlot = new AtomicInteger();

  // Guarded by this.
  private @Nullable AgentRun run; // the latest attempt's
  private @Nullable Task<Optional<Object>> task; // while one is going
  private @Nullable Future<?> pause; // while waiting
  private @Nullable String cancelledBy;

  SupervisedRun(Supervision with, Guard guard, RunOptions options, Agent agent) {
    this.with = with;
    this.guard = guard;
    this.options = options;
    this.agent = agent;
    this.attempts = guard.attempts();
    this.endings = new Endings(guard, options.attempt() - 1 + guard.settings().retry().attempts());
  }

  /** Never completes exceptionally. */
  CompletableFuture<Outcome> outcome() {
    return outcome;
  }

  /** The latest attempt, once it has begun. */
  synchronized AgentRun latest() {
    if (run == null) {
      throw new IllegalStateException("not begun");
    }
    return run;
  }

  /** Starts the first attempt, or ends the run at once where there may be none. */
  void begin() {
    if (!guard.takeRun()) {
      refuse(start(options));
      return;
    }
    holdsOfSlot.set(1); // the run's own, until it is over
    if (!guard.admits()) {
      try {
        leaveAlone(start(options), guard.retryAt(), Optional.empty());
      } catch (RuntimeException e) {
        release();
        throw e;
      }
      return;
    }
    try {
      go(start(options));
    } catch (RuntimeException e) {
      guard.unjudged();
      release();
      throw e;
    }
  }

  /** Nothing comes of it, and nobody who closes the runner meanwhile need wait. */
  void notBegun(RuntimeException why) {
    outcome.complete(new Outcome.Failed(AgentRun.AGENT_ERROR, why.toString(), options.attempt()));
  }

  /** Waits until the latest attempt is settled, if one has begun. */
  void awaitSettled(Duration bound) {
    AgentRun begun;
    synchronized (this) {
      begun = run;
    }
    try {
      if (begun != null) {
        // Whether it is settled in time is the Runwire's to tell when it closes.
        var unused = begun.awaitSettled(bound);
      }
    } catch (RunFailedException e) {
      // Its outcome has told.
    }
  }

  /** Ends it from outside; returns at once, and does nothing if it is over. */
  void cancel(String code) {
    Task<Optional<Object>> going;
    synchronized (this) {
      if (cancelledBy == null) {
        cancelledBy = code;
      }
      going = task;
      if (pause != null) {
        pause.cancel(false);
        with.threads().execute(this::nextAttempt);
      }
    }
    if (going != null) {
      going.end().completeExceptionally(new CancelledFromOutside());
    }
  }

  private AgentRun start(RunOptions attempt) {
    AgentRun started = with.runwire().startRun(patient(attempt)); // waits for room
    synchronized (this) {
      run = started;
    }
    return started;
  }

  private void go(AgentRun started) {
    Task<Optional<Object>> code = new Task<>(guard.agent() + ", " + started);
    AgentContext context = new AgentContext(with, guard, started, code);
    boolean cancelled;
    holdsOfSlot.incrementAndGet(); // before anybody can end it
    synchronized (this) {
      task = code;
      cancelled = cancelledBy != null;
    }
    long startNs = System.nanoTime();
    guard
        .runLimiter()
        .executeCompletionStage(with.timer(), code::end)
        .whenCompleteAsync(
            (result, error) ->
                ended(started, code, Duration.ofNanos(System.nanoTime() - startNs), result, error),
            with.threads()::execute);
    if (cancelled) {
      code.end().completeExceptionally(new CancelledFromOutside());
    }
    with.threads()
        .start(
            code,
            () -> {
              agent.run(context);
              return context.result();
            },
            this::release);
  }

  private void ended(
      AgentRun attempt,
      Task<?> code,
      Duration took,
      @Nullable Optional<Object> result,
      @Nullable Throwable error) {
    synchronized (this) {
      task = null;
    }
    try {
      if (error == null) {
        guard.succeeded(took);
        finish(attempt, result == null ? Optional.empty() : result);
      } else {
        code.giveUp(); // first, so that the end need not wait for a call that waits for room
        decide(attempt, took, cause(error));
      }
    } catch (RunFailedException e) {
      lost(attempt, e);
    } catch (Throwable e) { // such as an exception of the agent's that cannot tell its message
      undecided(attempt, e);
    }
  }

  private void lost(AgentRun attempt, RunFailedException e) {
    over(new Outcome.Failed(Outcome.RUN_LOST, String.valueOf(e.getMessage()), attempt.attempt()));
  }

  private void undecided(AgentRun attempt, Throwable why) {
    String message = "Its end could not be told: " + why.getClass().getName();
    try {
      end(
          attempt,
          new RunEnd.Failed(AgentRun.AGENT_ERROR, message, Map.of()),
          new Outcome.Failed(AgentRun.AGENT_ERROR, message, attempt.attempt()));
    } catch (RunFailedException e) {
      lost(attempt, e);
    }
    LOG.error("{}: {}", attempt, message, why);
  }

  private void finish(AgentRun attempt, Optional<Object> result) {
    try {
      end(attempt, new RunEnd.Completed(result), new Outcome.Finished(attempt.attempt()));
    } catch (IllegalArgumentException e) {
      fail(attempt, e); // the result cannot be written
    }
  }

  private void decide(AgentRun attempt, Duration took, Throwable cause) {
    if (cause instanceof CancelledFromOutside) {
      guard.unjudged();
      endCancelled(attempt);
      return;
    }
    guard.failed(took, cause);
    long delayMs = attempts.onError(cause);
    if (delayMs < 0) {
      fail(attempt, cause);
      return;
    }
    Optional<Instant> closed = guard.closedUntil();
    if (closed.isPresent()) {
      leaveAlone(attempt, closed.get(), Optional.of(cause));
    } else {
      announce(attempt, cause, Duration.ofMillis(delayMs));
    }
  }

  private void announce(AgentRun attempt, Throwable cause, Duration delay) {
    if (!attempt.endIfGoing(endings.retried(attempt, cause, delay))) {
      over(new Outcome.Cancelled(Runwire.AGENT_STOPPED));
      return;
    }
    with.tally().retried.increment();
    synchronized (this) {
      pause =
          with.timer()
              .schedule(
                  () -> with.threads().execute(this::nextAttempt),
                  cancelledBy == null ? delay.toMillis() : 0,
                  TimeUnit.MILLISECONDS);
    }
  }

  private void nextAttempt() {
    AgentRun before;
    boolean cancelled;
    synchronized (this) {
      if (pause == null) {
        return; // a cancellation and the timer both came here
      }
      pause = null;
      before = latest();
      cancelled = cancelledBy != null;
    }
    int number = before.attempt() + 1;
    try {
      if (!cancelled) {
        // So that the end of the one before is not overtaken by the start of this one, unless Kafka
        // is away: then the newer attempt replaces the older one in any case.
        before.awaitSettled(limits().closeBound());
      }
      AgentRun next = start(options.withRun(before.id()).withAttempt(number));
      if (cancelled) {
        endCancelled(next);
      } else if (!guard.admits()) {
        leaveAlone(next, guard.retryAt(), Optional.empty());
      } else {
        go(next);
      }
    } catch (RunFailedException e) {
      lost(before, e);
    } catch (RuntimeException e) {
      LOG.error("{}: attempt {} could not be started", before, number, e);
      over(new Outcome.Failed(AgentRun.AGENT_ERROR, e.toString(), before.attempt()));
    }
  }

  private void refuse(AgentRun attempt) {
    end(attempt, endings.busy(attempt), new Outcome.Rejected(guard.settings().runs()));
  }

  private void leaveAlone(AgentRun attempt, Instant retryAt, Optional<Throwable> cause) {
    end(attempt, endings.leftAlone(attempt, retryAt, cause), new Outcome.BreakerOpen(retryAt));
  }

  private void fail(AgentRun attempt, Throwable cause) {
    RunEnd.Failed end = endings.failed(attempt, cause);
    end(
        attempt,
        end,
        cause instanceof TimeUp
            ? new Outcome.TimedOut(guard.settings().runLimit(), attempt.attempt())
            : new Outcome.Failed(end.code(), end.message(), attempt.attempt()));
  }

  private void endCancelled(AgentRun attempt) {
    String code;
    synchronized (this) {
      code = cancelledBy == null ? Outcome.CANCELLED : cancelledBy;
    }
    end(attempt, endings.cancelled(attempt, code), new Outcome.Cancelled(code));
  }

  /** Ends the run as its agent's outcome says, unless the connection was closed meanwhile. */
  private void end(AgentRun attempt, RunEnd end, Outcome as) {
    boolean ending = attempt.endIfGoing(end);
    over(ending ? as : new Outcome.Cancelled(Runwire.AGENT_STOPPED));
  }

  private void over(Outcome as) {
    with.tally().count(as);
    if (!(as instanceof Outcome.Rejected)) {
      release();
    }
    with.onOver().accept(this);
    outcome.complete(as);
  }

  private void release() {
    if (holdsOfSlot.decrementAndGet() == 0) {
      guard.returnRun();
    }
  }

  private RunLimits limits() {
    return with.runwire().limits();
  }

  /** With a watchdog that does not bark while the agent has time left. */
  private RunOptions patient(RunOptions attempt) {
    AgentSettings settings = guard.settings();
    Duration longest = longer(settings.runLimit(), settings.retry().longest());
    Duration needed = longest.plus(limits().closeBound());
    return attempt.timeout().isPresent() || needed.compareTo(limits().runTimeout()) <= 0
        ? attempt
        : attempt.withTimeout(
            needed.compareTo(EnvelopeReader.MAX_TIMEOUT) < 0 ? needed : EnvelopeReader.MAX_TIMEOUT);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  private Throwable cause(Throwable error) {
    Throwable cause = Task.unwrapped(error);
    if (cause instanceof Task.Threw threw) {
      return threw.thrown();
    }
    return cause instanceof CancelledFromOutside
        ? cause
        : new TimeUp(guard.agent(), guard.settings().runLimit());
  }
}
