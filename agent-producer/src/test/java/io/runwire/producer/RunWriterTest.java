package io.runwire.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runwire.event.EventType;
import io.runwire.producer.log.AgentEvent;
import io.runwire.producer.log.EventLog;
import io.runwire.producer.log.ProducerMetrics;
import io.runwire.producer.log.RunAttempt;
import io.runwire.producer.log.RunLane;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** What a run does when its log has no room, fails, or does not settle. */
final class RunWriterTest {
  private final MoodyLog log = new MoodyLog();
  private final Runwire runwire = Scripted.over(log);
  private final AgentRun run = runwire.startRun("thread-1");

  @Test
  void aRefusedCallLeavesNoTrace() {
    TextMessage message = run.message();
    log.hasRoom = false;
    assertThatThrownBy(() -> message.delta("a\ud83d")).isInstanceOf(BackPressureException.class);
    assertThatThrownBy(() -> run.toolCall("search", "{}"))
        .isInstanceOf(BackPressureException.class)
        .hasMessageContaining("no room within PT3S");
    log.hasRoom = true;
    message.delta("b");
    run.complete();

    assertThat(log.types())
        .containsExactly(
            "RUN_STARTED",
            "TEXT_MESSAGE_START",
            "TEXT_MESSAGE_CONTENT",
            "TEXT_MESSAGE_END",
            "RUN_FINISHED");
    assertThat(log.events.get(2).json()).contains("\"delta\":\"b\"");
    assertThat(log.events).extracting(AgentEvent::seq).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void joinsPiecesOfOneTextWhileRoomIsShort() {
    TextMessage message = run.message();
    TextMessage other = run.message();
    message.delta("seen ");
    log.isTight = true;
    message.delta("in ");
    message.delta("one ");
    other.delta("between");
    message.delta("piece");
    log.isTight = false;
    message.delta("!");
    run.complete();

    assertThat(log.deltas()).containsExactly("seen in one ", "between", "piece", "!");
    assertThat(log.events)
        .extracting(AgentEvent::seq)
        .containsExactlyElementsOf(LongStream.rangeClosed(1, log.events.size()).boxed().toList());
  }

  @Test
  void doesNotJoinWhatIsOnItsWayOrWouldGrowTooLong() {
    TextMessage message = run.message();
    message.delta("a".repeat(Draft.MAX_JOINED_CHARS));
    log.isTight = true;
    message.delta("b");
    log.sent = true;
    message.delta("c");

    assertThat(log.deltas()).hasSize(3);
  }

  @Test
  void closingAndEndingNeedNoRoom() {
    TextMessage message = run.message();
    Step step = run.step("plan");
    log.hasRoom = false;
    message.close();
    run.close();

    assertThat(log.types()).endsWith("TEXT_MESSAGE_END", "STEP_FINISHED", "RUN_ERROR");
    step.close();
  }

  @Test
  void anUnexpectedEndOfTheAgentReachesTheLogUnderBackPressureToo() {
    log.hasRoom = false;
    assertThatThrownBy(
            () -> {
              try (run) {
                run.message("does not fit");
              }
            })
        .isInstanceOf(BackPressureException.class);

    assertThat(log.types()).containsExactly("RUN_STARTED", "RUN_ERROR");
  }

  @Test
  void everyCallOnAFailedRunTellsWhy() {
    TextMessage message = run.message();
    log.failure = Optional.of(new IllegalArgumentException("refused by the broker"));

    assertThatThrownBy(() -> message.delta("x"))
        .isInstanceOf(RunFailedException.class)
        .hasMessageContaining("run run-1 attempt 1 of thread thread-1")
        .hasMessageContaining("refused by the broker")
        .hasCauseInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(message::close).isInstanceOf(RunFailedException.class);
    assertThatThrownBy(run::complete).isInstanceOf(RunFailedException.class);
    assertThatThrownBy(run::close).isInstanceOf(RunFailedException.class);
  }

  @Test
  void aFailureReachesTheAgentThroughTryWithResources() {
    assertThatThrownBy(
            () -> {
              try (run) {
                log.failure = Optional.of(new IllegalArgumentException("refused"));
                run.message("x");
              }
            })
        .isInstanceOf(RunFailedException.class)
        .hasSuppressedException(
            new RunFailedException(
                new RunAttempt("thread-1", "run-1", 1), new IllegalArgumentException("refused")));
  }

  @Test
  void closingTellsWhenNotEverythingIsSettled() {
    run.complete();
    log.settles = false;

    assertThatThrownBy(run::close)
        .isInstanceOf(UnsettledException.class)
        .hasMessageContaining("not settled within PT20S");
    assertThatThrownBy(runwire::close).isInstanceOf(UnsettledException.class);
  }

  @Test
  void waitsForItsTurnNoLongerThanItsBound() throws InterruptedException {
    RunLimits impatient =
        new RunLimits(Duration.ofSeconds(60), Duration.ofMillis(10), Duration.ofSeconds(20));
    AgentRun shared = Scripted.over(log, impatient).startRun("thread-2");
    TextMessage message = shared.message();
    List<Throwable> thrown = new ArrayList<>();
    log.whenOffered =
        () -> {
          Thread other =
              new Thread(
                  () -> {
                    try {
                      shared.message("other");
                    } catch (BackPressureException e) {
                      thrown.add(e);
                    }
                  });
          other.start();
          try {
            other.join();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    message.delta("holds the turn");

    assertThat(thrown).hasSize(1).first().asString().contains("no turn within PT0.01S");
  }

  /** A log with moods. */
  private static final class MoodyLog implements EventLog, RunLane {
    final List<AgentEvent> events = new ArrayList<>();
    boolean hasRoom = true;
    boolean settles = true;
    boolean isTight;
    boolean sent;
    Optional<Throwable> failure = Optional.empty();
    Runnable whenOffered = () -> {};

    List<String> types() {
      return events.stream().map(event -> event.type().name()).toList();
    }

    List<String> deltas() {
      return events.stream()
          .filter(event -> event.type() == EventType.TEXT_MESSAGE_CONTENT)
          .map(event -> event.json().replaceAll(".*\"delta\":\"([^\"]*)\".*", "$1"))
          .toList();
    }

    @Override
    public boolean isTight() {
      return isTight;
    }

    @Override
    public boolean replaceLast(AgentEvent event) {
      if (sent) {
        return false;
      }
      assertThat(events.remove(events.size() - 1).seq()).isEqualTo(event.seq());
      return events.add(event);
    }

    @Override
    public RunLane open(RunAttempt attempt, Duration lease) {
      return this;
    }

    @Override
    public Admission offer(List<AgentEvent> offered, Duration patience) {
      whenOffered.run();
      return hasRoom ? append(offered) : Admission.NO_ROOM;
    }

    @Override
    public Admission append(List<AgentEvent> appended) {
      if (failure.isPresent()) {
        return Admission.FAILED;
      }
      events.addAll(appended);
      return Admission.TAKEN;
    }

    @Override
    public Settlement awaitSettled(Duration bound) {
      if (failure.isPresent()) {
        return Settlement.FAILED;
      }
      return settles ? Settlement.SETTLED : Settlement.UNSETTLED;
    }

    @Override
    public Optional<Throwable> failure() {
      return failure;
    }

    @Override
    public void close() {}

    @Override
    public ProducerMetrics metrics() {
      return ProducerMetrics.settled(0);
    }

    @Override
    public boolean close(Duration bound) {
      return settles;
    }
  }
}
