package io.runwire.producer.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.runwire.event.EventHeaders;
import io.runwire.event.EventType;
import io.runwire.producer.RunOptions;
import io.runwire.producer.Runwire;
import io.runwire.producer.log.EventLog;
import io.runwire.producer.log.MemoryLog;
import io.runwire.producer.log.ProducerMetrics;
import io.runwire.producer.log.RunAttempt;
import io.runwire.producer.log.RunLane;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AgentRunnerTest {
  private static final Duration LIMIT = AgentSettings.DEFAULT.runLimit();

  private final MemoryLog log = new MemoryLog();
  private final Runwire runwire = Runwire.over(log);
  private final ManualTimer timer = new ManualTimer();
  private final AgentRunner runner =
      new AgentRunner(runwire, AgentSettings.DEFAULT, timer, timer.clock());
  private final CountDownLatch never = new CountDownLatch(1);

  @AfterEach
  void close() {
    never.countDown();
    runwire.close();
  }

  @Test
  void whatAnAgentWritesAndReturnsIsItsRun() {
    RunHandle run =
        run(
            context -> {
              context.run().message("Found it.");
              context.result(Map.of("places", 1));
            });

    assertThat(run.outcome().join()).isEqualTo(new Outcome.Finished(1));
    assertThat(new Watched(log, run).story()).containsExactly("1 RUN_STARTED", "1 RUN_FINISHED");
    assertThat(new Watched(log, run).last(EventType.RUN_FINISHED).at("/result/places").asInt())
        .isEqualTo(1);
    assertThat(run.thread()).isEqualTo("thread-1");
  }

  @Test
  void anAttemptThatTakesTooLongIsInterruptedAndTriedAgain() {
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    CountDownLatch began = new CountDownLatch(1);
    RunHandle run =
        run(
            context -> {
              if (context.run().attempt() == 1) {
                began.countDown();
                try {
                  never.await();
                } catch (InterruptedException e) {
                  seen.add(context.cancelled() ? "interrupted, cancelled" : "interrupted");
                  throw e;
                }
              }
              context.run().message("at once");
            });
    await().until(() -> began.getCount() == 0);
    timer.advance(LIMIT.minusMillis(1));
    assertThat(new Watched(log, run).story()).containsExactly("1 RUN_STARTED");
    timer.advance(Duration.ofMillis(1));
    Duration pause = awaitRetry(run, 1);
    assertThat(pause).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));

    timer.advance(pause);
    assertThat(run.outcome().join()).isEqualTo(new Outcome.Finished(2));
    assertThat(new Watched(log, run).story())
        .containsExactly("1 RUN_STARTED", "1 TIMEOUT, goes on", "2 RUN_STARTED", "2 RUN_FINISHED");
    assertThat(new Watched(log, run).events())
        .filteredOn(event -> event.attempt().attempt() == 2)
        .first()
        .matches(event -> event.seq() == 1)
        .matches(event -> "researcher".equals(event.headers().get(EventHeaders.AGENT)));
    await().untilAsserted(() -> assertThat(seen).containsExactly("interrupted, cancelled"));
    assertThat(runner.metrics().retried()).isEqualTo(1);
  }

  @Test
  void tellsTheUserHowLongItWaitsAndWhichAttemptComes() {
    RunHandle run = run(failing());
    Duration first = awaitRetry(run, 1);
    JsonNode error = new Watched(log, run).last(EventType.RUN_ERROR);
    assertThat(error.get("message").asText())
        .startsWith("The model is overloaded. Trying again in ")
        .endsWith(" s (attempt 2 of 3).");
    assertThat(error.at("/metadata/runwire/retryInMs").asLong()).isEqualTo(first.toMillis());
    assertThat(error.at("/metadata/runwire/of").asInt()).isEqualTo(3);

    timer.advance(first);
    Duration second = awaitRetry(run, 2);
    assertThat(second).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
    timer.advance(second);
    assertThat(run.outcome().join())
        .isEqualTo(new Outcome.Failed("UPSTREAM", "The model is overloaded.", 3));
    assertThat(new Watched(log, run).story())
        .containsExactly(
            "1 RUN_STARTED",
            "1 UPSTREAM, goes on",
            "2 RUN_STARTED",
            "2 UPSTREAM, goes on",
            "3 RUN_STARTED",
            "3 UPSTREAM");
  }

  @Test
  void whatTryingAgainCannotHelpIsNotTriedAgain() {
    RunHandle invalid =
        run(
            context -> {
              throw new InvalidInputException("There is no parcel 7.");
            });
    assertThat(invalid.outcome().join())
        .isEqualTo(new Outcome.Failed("INVALID_INPUT", "There is no parcel 7.", 1));

    runner.withAgent(
        "picky", AgentSettings.DEFAULT.withRetryOf(e -> !(e instanceof ArithmeticException)));
    RunHandle refused =
        runner.run(
            "picky",
            "thread-1",
            "question",
            context -> {
              throw new ArithmeticException("by zero");
            });
    assertThat(refused.outcome().join())
        .isEqualTo(new Outcome.Failed("AGENT_ERROR", "ArithmeticException: by zero", 1));
    assertThat(new Watched(log, refused).story()).containsExactly("1 RUN_STARTED", "1 AGENT_ERROR");
  }

  @Test
  void fiveFailuresInARowLeaveTheAgentAloneUntilAProbeSucceeds() {
    runner.withAgent("shaky", AgentSettings.DEFAULT.withAttempts(1));
    for (int i = 0; i < 4; i++) {
      assertThat(shaky(failing()).outcome().join()).isInstanceOf(Outcome.Failed.class);
    }
    assertThat(shaky(context -> {}).outcome().join()).isInstanceOf(Outcome.Finished.class);
    for (int i = 0; i < 5; i++) {
      assertThat(shaky(failing()).outcome().join()).isInstanceOf(Outcome.Failed.class);
    }

    Instant retryAt = timer.clock().instant().plus(BreakerSettings.DEFAULT.open());
    AtomicInteger calls = new AtomicInteger();
    RunHandle refused = shaky(context -> calls.incrementAndGet());
    assertThat(refused.outcome().join()).isEqualTo(new Outcome.BreakerOpen(retryAt));
    assertThat(new Watched(log, refused).story())
        .containsExactly("1 RUN_STARTED", "1 BREAKER_OPEN");
    JsonNode error = new Watched(log, refused).last(EventType.RUN_ERROR);
    assertThat(error.at("/metadata/runwire/retryAt").asText()).isEqualTo(retryAt.toString());
    assertThat(error.get("message").asText()).contains("try again at " + retryAt);
    assertThat(calls).hasValue(0);
    assertThat(run(context -> {}).outcome().join()).isInstanceOf(Outcome.Finished.class);

    timer.advance(BreakerSettings.DEFAULT.open().plusMillis(1));
    RunHandle first = shaky(context -> never.await());
    RunHandle second = shaky(context -> never.await());
    assertThat(shaky(context -> {}).outcome().join()).isInstanceOf(Outcome.BreakerOpen.class);
    never.countDown();
    assertThat(first.outcome().join()).isInstanceOf(Outcome.Finished.class);
    assertThat(second.outcome().join()).isInstanceOf(Outcome.Finished.class);
    assertThat(shaky(context -> {}).outcome().join()).isInstanceOf(Outcome.Finished.class);
  }

  @Test
  void aRunWhoseFailureOpensTheBreakerIsNotTriedAgain() {
    RunHandle first = run(failing());
    timer.advance(awaitRetry(first, 1));
    timer.advance(awaitRetry(first, 2));
    assertThat(first.outcome().join()).isInstanceOf(Outcome.Failed.class);
    RunHandle second = run(failing());
    timer.advance(awaitRetry(second, 1));

    assertThat(second.outcome().join()).isInstanceOf(Outcome.BreakerOpen.class);
    assertThat(new Watched(log, second).story())
        .containsExactly("1 RUN_STARTED", "1 UPSTREAM, goes on", "2 RUN_STARTED", "2 BREAKER_OPEN");
    assertThat(new Watched(log, second).last(EventType.RUN_ERROR).get("message").asText())
        .startsWith("The model is overloaded. researcher has failed too often");
  }

  @Test
  void cancellingReachesCodeThatBlocksCodeThatWaitsForOthersAndCodeThatAsks() {
    CompletableFuture<String> work = new CompletableFuture<>();
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    CountDownLatch began = new CountDownLatch(3);
    RunHandle blocks =
        run(
            context -> {
              began.countDown();
              never.await();
            });
    RunHandle waits =
        run(
            context -> {
              began.countDown();
              context.run().message(context.await(work));
            });
    RunHandle asks =
        run(
            context -> {
              context.onCancel(closed::countDown);
              began.countDown();
              while (!context.cancelled()) {
                Thread.onSpinWait();
              }
              asked.countDown();
            });
    await().until(() -> began.getCount() == 0);
    List.of(blocks, waits, asks).forEach(RunHandle::cancel);

    for (RunHandle run : List.of(blocks, waits, asks)) {
      assertThat(run.outcome().join()).isEqualTo(new Outcome.Cancelled("CANCELLED"));
      assertThat(new Watched(log, run).story()).containsExactly("1 RUN_STARTED", "1 CANCELLED");
    }
    await().until(() -> work.isCancelled() && asked.getCount() == 0 && closed.getCount() == 0);
    await().until(() -> runner.metrics().abandoned() == 0);
    assertThat(runner.metrics().cancelled()).isEqualTo(3);
  }

  @Test
  void aRunThatWaitsForItsNextAttemptCanBeCancelled() {
    RunHandle run = run(failing());
    awaitRetry(run, 1);
    run.cancel();
    run.cancel();

    assertThat(run.outcome().join()).isEqualTo(new Outcome.Cancelled("CANCELLED"));
    assertThat(new Watched(log, run).story())
        .containsExactly("1 RUN_STARTED", "1 UPSTREAM, goes on", "2 RUN_STARTED", "2 CANCELLED");
  }

  @Test
  void codeThatIgnoresInterruptsIsFencedCountedAndHoldsItsSlotUntilItReturns() {
    runner.withAgent("stubborn", AgentSettings.DEFAULT.withAttempts(1).withAtATime(1, 1));
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CompletableFuture<Throwable> late = new CompletableFuture<>();
    RunHandle run =
        runner.run(
            "stubborn",
            "thread-1",
            "question",
            context -> {
              began.countDown();
              awaitIgnoringInterrupts(release);
              try {
                context.run().message("late");
              } catch (IllegalStateException e) {
                late.complete(e);
              }
            });
    await().until(() -> began.getCount() == 0);
    timer.advance(LIMIT);
    assertThat(run.outcome().join()).isEqualTo(new Outcome.TimedOut(LIMIT, 1));
    assertThat(runner.metrics().abandoned()).isEqualTo(1);
    RunHandle refused = runner.run("stubborn", "thread-1", "question", context -> {});
    assertThat(refused.outcome().join()).isEqualTo(new Outcome.Rejected(1));
    assertThat(new Watched(log, refused).story()).containsExactly("1 RUN_STARTED", "1 AGENT_BUSY");
    assertThat(run(context -> {}).outcome().join()).isInstanceOf(Outcome.Finished.class);

    release.countDown();
    assertThat(late.join()).hasMessageContaining("attempt 1 of thread thread-1 has ended");
    assertThat(new Watched(log, run).story()).containsExactly("1 RUN_STARTED", "1 TIMEOUT");
    assertThat(new Watched(log, run).events()).hasSize(2);
    await().until(() -> runner.metrics().abandoned() == 0);
    await()
        .until(
            () ->
                runner.run("stubborn", "thread-1", "question", context -> {}).outcome().join()
                    instanceof Outcome.Finished);
  }

  @Test
  void closingTheConnectionEndsWhatGoesOnAndWhatWaits() {
    RunHandle going = run(context -> never.await());
    RunHandle waiting = run(failing());
    awaitRetry(waiting, 1);
    runwire.close();

    assertThat(going.outcome().join()).isEqualTo(new Outcome.Cancelled("AGENT_STOPPED"));
    assertThat(waiting.outcome().join()).isEqualTo(new Outcome.Cancelled("AGENT_STOPPED"));
    assertThat(new Watched(log, going).story()).containsExactly("1 RUN_STARTED", "1 AGENT_STOPPED");
    assertThat(new Watched(log, waiting).story()).endsWith("2 RUN_STARTED", "2 AGENT_STOPPED");
    assertThatIllegalStateException().isThrownBy(() -> run(context -> {}));
  }

  @Test
  void closingDoesNotWaitForARunThatFailsToBegin() {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch refused = new CountDownLatch(1);
    EventLog refusing =
        new EventLog() {
          @Override
          public RunLane open(RunAttempt attempt, Duration lease) {
            asked.countDown();
            awaitIgnoringInterrupts(refused);
            throw new IllegalStateException("refused");
          }

          @Override
          public ProducerMetrics metrics() {
            return log.metrics();
          }

          @Override
          public boolean close(Duration bound) {
            return true;
          }
        };
    AgentRunner closing = AgentRunner.over(Runwire.over(refusing));
    CompletableFuture<RunHandle> beginning =
        CompletableFuture.supplyAsync(
            () -> closing.run("researcher", "thread-1", "question", context -> {}));
    await().until(() -> asked.getCount() == 0);
    Thread close = new Thread(closing::close);
    close.start();
    await().until(() -> close.getState() == Thread.State.TIMED_WAITING); // for what begins

    refused.countDown();
    await().until(() -> !close.isAlive());
    assertThatThrownBy(beginning::join).hasRootCauseMessage("refused");
  }

  @Test
  void theWatchdogIsToldToWaitAsLongAsTheAgentMayTake() {
    runner.withAgent("slow", AgentSettings.DEFAULT.withRunLimit(Duration.ofMinutes(5)));
    RunHandle slow = runner.run("slow", "thread-1", "question", context -> {});
    RunHandle other = run(context -> {});
    RunHandle own =
        runner.run(
            "slow",
            RunOptions.onThread("thread-1").withTimeout(Duration.ofSeconds(7)),
            context -> {});

    assertThat(timeoutMs(slow)).isEqualTo("320000");
    assertThat(timeoutMs(other)).isEqualTo("60000");
    assertThat(timeoutMs(own)).isEqualTo("7000");
  }

  @Test
  void aResultThatCannotBeWrittenFailsTheRun() {
    RunHandle run = run(context -> context.result("x".repeat(1 << 20)));

    assertThat(run.outcome().join()).isInstanceOf(Outcome.Failed.class);
    assertThat(new Watched(log, run).story()).containsExactly("1 RUN_STARTED", "1 AGENT_ERROR");
  }

  @Test
  void whatIsToBeDoneOnCancellingHoldsUpNothingEvenIfItBlocksOrBreaks() {
    runner.withAgent("closing", AgentSettings.DEFAULT.withAttempts(1).withAtATime(1, 1));
    CountDownLatch began = new CountDownLatch(1);
    CountDownLatch called = new CountDownLatch(2);
    RunHandle run =
        runner.run(
            "closing",
            "thread-1",
            "question",
            context -> {
              context.onCancel(
                  () -> {
                    called.countDown();
                    awaitIgnoringInterrupts(never);
                  });
              context.onCancel(
                  () -> {
                    called.countDown();
                    throw new NoClassDefFoundError("no longer there");
                  });
              began.countDown();
              never.await();
            });
    await().until(() -> began.getCount() == 0);
    timer.advance(LIMIT);

    assertThat(run.outcome().join()).isEqualTo(new Outcome.TimedOut(LIMIT, 1));
    assertThat(new Watched(log, run).story()).containsExactly("1 RUN_STARTED", "1 TIMEOUT");
    await().until(() -> called.getCount() == 0);
    await()
        .until(
            () ->
                runner.run("closing", "thread-1", "question", context -> {}).outcome().join()
                    instanceof Outcome.Finished);
  }

  @Test
  void whatCodeThatThrowsHasSetGoingIsCancelled() {
    CountDownLatch closed = new CountDownLatch(1);
    CompletableFuture<AgentContext> elsewhere = new CompletableFuture<>();
    RunHandle run =
        run(
            context -> {
              context.onCancel(closed::countDown);
              elsewhere.complete(context);
              throw new AgentException("UPSTREAM", "The model is overloaded.");
            });
    awaitRetry(run, 1);

    await().until(() -> closed.getCount() == 0);
    assertThat(elsewhere.join().cancelled()).isTrue();
  }

  @Test
  void aRunEndsWhereWhetherToTryAgainCannotBeTold() {
    runner.withAgent(
        "odd",
        AgentSettings.DEFAULT.withRetryOf(
            failure -> ((IllegalArgumentException) failure).getMessage() == null));
    RunHandle run = runner.run("odd", "thread-1", "question", failing());

    assertThat(run.outcome().join())
        .isEqualTo(new Outcome.Failed("UPSTREAM", "The model is overloaded.", 1));
    assertThat(new Watched(log, run).story()).containsExactly("1 RUN_STARTED", "1 UPSTREAM");
  }

  @Test
  void aRunEndsWhoseFailureCannotTellItsMessage() {
    RunHandle run =
        run(
            context -> {
              throw new IllegalStateException() {
                @Override
                public String getMessage() {
                  throw new UnsupportedOperationException();
                }
              };
            });

    String message = "Its end could not be told: java.lang.UnsupportedOperationException";
    assertThat(run.outcome().join()).isEqualTo(new Outcome.Failed("AGENT_ERROR", message, 1));
    assertThat(new Watched(log, run).story()).containsExactly("1 RUN_STARTED", "1 AGENT_ERROR");
  }

  private RunHandle run(Agent code) {
    return runner.run("researcher", "thread-1", "question", code);
  }

  private RunHandle shaky(Agent code) {
    return runner.run("shaky", "thread-1", "question", code);
  }

  private static Agent failing() {
    return context -> {
      throw new AgentException("UPSTREAM", "The model is overloaded.");
    };
  }

  /** Waits until the attempt's end is announced and the next one is set. */
  private Duration awaitRetry(RunHandle run, int attempt) {
    await()
        .until(
            () ->
                new Watched(log, run)
                    .story().stream()
                        .anyMatch(
                            line -> line.startsWith(attempt + " ") && line.endsWith("goes on")));
    JsonNode error = new Watched(log, run).last(EventType.RUN_ERROR);
    Duration pause = Duration.ofMillis(error.at("/metadata/runwire/retryInMs").asLong());
    await().until(() -> timer.next().filter(pause::equals).isPresent());
    return pause;
  }

  private String timeoutMs(RunHandle run) {
    return String.valueOf(
        new Watched(log, run).events().get(0).headers().get(EventHeaders.TIMEOUT_MS));
  }

  private static void awaitIgnoringInterrupts(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      try {
        latch.await();
      } catch (InterruptedException e) {
        // as code that cannot be stopped does
      }
    }
  }
}
