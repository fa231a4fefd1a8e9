package io.runwire.loadtest.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.event.EventType;
import io.runwire.loadtest.journal.Hashes;
import io.runwire.loadtest.journal.Sent;
import io.runwire.loadtest.journal.Sent.Result;
import io.runwire.producer.log.AgentEvent;
import io.runwire.producer.log.EventLog;
import io.runwire.producer.log.ProducerMetrics;
import io.runwire.producer.log.RunAttempt;
import io.runwire.producer.log.RunLane;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JournaledLogTest {
  private static final RunAttempt ATTEMPT = new RunAttempt("t", "r", 1);

  private final List<Sent> journal = new ArrayList<>();
  private final List<AgentEvent> settled = new ArrayList<>();
  private final ScriptedLane kafka = new ScriptedLane();
  private final JournaledLog log =
      new JournaledLog(kafka, journal::add, settled::addAll, () -> 1_000);
  private final RunLane lane = log.open(ATTEMPT, Duration.ofMinutes(1));

  @Test
  void journalsBeforeKafkaSeesTheEvent() {
    kafka.onOffer = () -> assertThat(results()).containsExactly(Result.UNKNOWN);
    lane.offer(List.of(event(1, "{}")), Duration.ZERO);
    assertThat(journal)
        .containsExactly(
            new Sent(
                1_000,
                "t",
                "r",
                1,
                1,
                "CUSTOM",
                false,
                Hashes.of("{}".getBytes(StandardCharsets.UTF_8)),
                Result.UNKNOWN));
    assertThat(log.unsettled()).isEqualTo(1);
  }

  @Test
  void journalsTheConfirmationOnceItIsSettled() {
    lane.offer(List.of(event(1, "{}"), event(2, "{}")), Duration.ZERO);
    kafka.settlement = RunLane.Settlement.UNSETTLED;
    lane.awaitSettled(Duration.ZERO);
    assertThat(results()).containsOnly(Result.UNKNOWN);
    kafka.settlement = RunLane.Settlement.SETTLED;
    lane.awaitSettled(Duration.ZERO);
    lane.awaitSettled(Duration.ZERO);
    assertThat(results())
        .containsExactly(Result.UNKNOWN, Result.UNKNOWN, Result.ACKED, Result.ACKED);
    assertThat(settled).extracting(AgentEvent::seq).containsExactly(1L, 2L);
    assertThat(log.unsettled()).isZero();
    assertThat(log.written(ATTEMPT)).isEqualTo(2);
  }

  @Test
  void leavesUnknownWhatWasLost() {
    lane.offer(List.of(event(1, "{}")), Duration.ZERO);
    kafka.settlement = RunLane.Settlement.FAILED;
    lane.awaitSettled(Duration.ZERO);
    log.forget(ATTEMPT);
    assertThat(results()).containsExactly(Result.UNKNOWN);
    assertThat(log.unsettled()).isZero();
  }

  @Test
  void waitsForRoomSinceWhatWasJournaledMustBeWhatIsSent() {
    kafka.refusals = 3;
    assertThat(lane.offer(List.of(event(1, "{}")), Duration.ZERO))
        .isEqualTo(RunLane.Admission.TAKEN);
    assertThat(journal).hasSize(1);
  }

  @Test
  void tellsTheEndOfARunFromTheEndOfAnAttempt() {
    lane.append(
        List.of(
            new AgentEvent(ATTEMPT, 1, EventType.RUN_ERROR, Map.of("final", "false"), new byte[0]),
            new AgentEvent(ATTEMPT, 2, EventType.RUN_FINISHED, Map.of(), new byte[0])));
    assertThat(journal).extracting(Sent::ends).containsExactly(false, true);
  }

  private List<Result> results() {
    return journal.stream().map(Sent::result).toList();
  }

  private static AgentEvent event(long seq, String value) {
    return new AgentEvent(
        ATTEMPT, seq, EventType.CUSTOM, Map.of(), value.getBytes(StandardCharsets.UTF_8));
  }

  /** A log of one lane that answers as a test says. */
  private static final class ScriptedLane implements EventLog, RunLane {
    Runnable onOffer = () -> {};
    int refusals;
    Settlement settlement = Settlement.UNSETTLED;

    @Override
    public RunLane open(RunAttempt attempt, Duration lease) {
      return this;
    }

    @Override
    public ProducerMetrics metrics() {
      return ProducerMetrics.settled(0);
    }

    @Override
    public boolean close(Duration bound) {
      return true;
    }

    @Override
    public Admission offer(List<AgentEvent> events, Duration patience) {
      onOffer.run();
      return refusals-- > 0 ? Admission.NO_ROOM : Admission.TAKEN;
    }

    @Override
    public Admission append(List<AgentEvent> events) {
      return Admission.TAKEN;
    }

    @Override
    public Settlement awaitSettled(Duration bound) {
      return settlement;
    }

    @Override
    public Optional<Throwable> failure() {
      return Optional.empty();
    }

    @Override
    public void close() {}
  }
}
