package io.runwire.producer.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runwire.producer.Runwire;
import io.runwire.producer.log.AgentEvent;
import io.runwire.producer.log.EventLog;
import io.runwire.producer.log.MemoryLog;
import io.runwire.producer.log.ProducerMetrics;
import io.runwire.producer.log.RunAttempt;
import io.runwire.producer.log.RunLane;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Runs whose events do not get into the log, or not yet. */
final class TroubledLogTest {
  private final MemoryLog log = new MemoryLog();
  private final CountDownLatch settled = new CountDownLatch(1);
  private final CountDownLatch waiting = new CountDownLatch(1);
  private volatile boolean failing;
  private volatile boolean full;
  private final Runwire runwire = Runwire.over(new TroubledLog());
  private final ManualTimer timer = new ManualTimer();
  private final AgentRunner runner =
      new AgentRunner(runwire, AgentSettings.DEFAULT, timer, timer.clock());

  @AfterEach
  void close() {
    settled.countDown();
    runwire.close();
  }

  @Test
  void aRunThatIsLostIsNotTriedAgainAndNotHeldAgainstItsAgent() {
    for (int i = 0; i < BreakerSettings.DEFAULT.failures(); i++) {
      failing = false;
      RunHandle run =
          run(
              context -> {
                failing = true;
                context.run().message("into the void");
              });
      assertThat(run.outcome().join())
          .isInstanceOfSatisfying(
              Outcome.Failed.class, lost -> assertThat(lost.code()).isEqualTo("RUN_LOST"));
      assertThat(new Watched(log, run).story()).containsExactly("1 RUN_STARTED");
    }
    failing = false;
    RunHandle next = run(context -> {});
    assertThat(next.outcome().join()).isInstanceOf(Outcome.Finished.class);
  }

  @Test
  void anAttemptDoesNotOvertakeTheEndOfTheOneBefore() throws InterruptedException {
    RunHandle run = run(TroubledLogTest::overloadedAtFirst);
    tryAgain(run);
    assertThat(waiting.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(new Watched(log, run).story())
        .containsExactly("1 RUN_STARTED", "1 UPSTREAM, goes on");
    settled.countDown();

    assertThat(run.outcome().join()).isEqualTo(new Outcome.Finished(2));
  }

  @Test
  void anAttemptThatWasAnnouncedStartsAndEndsEvenIfThereIsNoRoom() {
    settled.countDown();
    RunHandle run =
        run(
            context -> {
              full = true;
              overloadedAtFirst(context);
            });
    tryAgain(run);

    assertThat(run.outcome().join()).isEqualTo(new Outcome.Finished(2));
    assertThat(new Watched(log, run).story())
        .containsExactly("1 RUN_STARTED", "1 UPSTREAM, goes on", "2 RUN_STARTED", "2 RUN_FINISHED");
  }

  @Test
  void noSubAgentOfALostRunGoesOn() throws InterruptedException {
    settled.countDown();
    CountDownLatch began = new CountDownLatch(3);
    CountDownLatch interrupted = new CountDownLatch(3);
    CountDownLatch never = new CountDownLatch(1);
    Agent stuck =
        context -> {
          began.countDown();
          try {
            never.await();
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
        };
    Duration limit = Duration.ofSeconds(1);
    RunHandle run =
        run(
            context -> {
              List<Branch> branches =
                  List.of(
                      new Branch("one", stuck),
                      new Branch("two", stuck),
                      new Branch("three", stuck));
              try {
                context.join(limit, branches);
              } finally {
                assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
              }
            });
    assertThat(began.await(10, TimeUnit.SECONDS)).isTrue();
    await().until(() -> timer.next().filter(limit::equals).isPresent());
    failing = true;
    timer.advance(limit);

    assertThat(run.outcome().join())
        .isInstanceOfSatisfying(
            Outcome.Failed.class, lost -> assertThat(lost.code()).isEqualTo("RUN_LOST"));
    assertThat(interrupted.getCount()).isZero();
  }

  private RunHandle run(Agent agent) {
    return runner.run("researcher", "thread-1", "question", agent);
  }

  private static void overloadedAtFirst(AgentContext context) {
    if (context.run().attempt() == 1) {
      throw new AgentException("UPSTREAM", "The model is overloaded.");
    }
  }

  /** The first attempt has failed: the wait before the second is over. */
  private void tryAgain(RunHandle run) {
    await().until(() -> new Watched(log, run).story().size() == 2);
    await().until(() -> timer.next().isPresent());
    timer.advance(timer.next().orElseThrow());
  }

  private final class TroubledLog implements EventLog {
    @Override
    public RunLane open(RunAttempt attempt, Duration lease) {
      return new Lane(log.open(attempt, lease));
    }

    @Override
    public ProducerMetrics metrics() {
      return log.metrics();
    }

    @Override
    public boolean close(Duration bound) {
      return true;
    }
  }

  private final class Lane implements RunLane {
    private final RunLane lane;

    Lane(RunLane lane) {
      this.lane = lane;
    }

    @Override
    public Admission offer(List<AgentEvent> events, Duration patience) {
      return full ? Admission.NO_ROOM : append(events);
    }

    @Override
    public Admission append(List<AgentEvent> events) {
      return failing ? Admission.FAILED : lane.append(events);
    }

    @Override
    public Settlement awaitSettled(Duration bound) {
      waiting.countDown();
      try {
        return settled.await(bound.toNanos(), TimeUnit.NANOSECONDS)
            ? Settlement.SETTLED
            : Settlement.UNSETTLED;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Settlement.UNSETTLED;
      }
    }

    @Override
    public Optional<Throwable> failure() {
      return Optional.of(new IllegalStateException("refused"));
    }

    @Override
    public void close() {
      lane.close();
    }
  }
}
