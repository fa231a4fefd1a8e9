package io.runwire.processor.watchdog;

import static io.runwire.processor.AgentEvent.content;
import static io.runwire.processor.AgentEvent.failed;
import static io.runwire.processor.AgentEvent.finished;
import static io.runwire.processor.AgentEvent.started;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.event.Envelope;
import io.runwire.event.EventType;
import io.runwire.event.Origin;
import io.runwire.event.RejectReason;
import io.runwire.processor.AgentEvent;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every run ends, and no healthy one is ended. */
class WatchdogTest {
  private static final Duration SILENCE = WatchdogSettings.DEFAULTS.silence();
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final WatchedLog log = new WatchedLog(WatchdogSettings.DEFAULTS);

  @AfterEach
  void close() {
    log.close();
  }

  @Test
  void endsARunWhoseAgentFellSilent() {
    log.send(started("t", "r", 1));
    log.send(content("t", "r", 1, 2));
    log.pass(SILENCE.minus(SECOND));
    assertThat(log.read()).hasSize(2);
    assertThat(log.watched).isEqualTo(1);

    log.pass(SECOND);
    Envelope end = log.last();
    assertThat(end.type()).isEqualTo(EventType.RUN_ERROR);
    assertThat(end.ends()).isTrue();
    assertThat(end.origin()).isEqualTo(Origin.WATCHDOG);
    assertThat(end.attempt()).isEqualTo(1);
    assertThat(end.seq()).isEqualTo(3);
    assertThat(row("r"))
        .contains("\"status\":\"ERROR\"")
        .contains("\"message\":\"The agent has been silent for 60 s\",\"code\":\"AGENT_LOST\"");
    assertThat(log.ended).isEqualTo(Map.of(EndCode.AGENT_LOST, 1));
    log.pass(SECOND);
    assertThat(log.watched).isZero();
  }

  @Test
  void bearsTheSilenceThatTheAgentAskedFor() {
    log.sendStart("hasty", Duration.ofSeconds(5));
    log.sendStart("slow", Duration.ofSeconds(120));
    log.pass(Duration.ofSeconds(5));
    assertThat(log.last().run()).isEqualTo("hasty");
    assertThat(log.last().ends()).isTrue();

    log.pass(Duration.ofSeconds(114));
    assertThat(log.read()).hasSize(3);
    log.pass(SECOND);
    assertThat(log.last().run()).isEqualTo("slow");
    assertThat(log.last().ends()).isTrue();
  }

  @Test
  void isSatisfiedByEveryEvent() {
    log.send(started("t", "r", 1));
    for (int seq = 2; seq <= 20; seq++) {
      log.pass(SILENCE.minus(SECOND));
      log.send(content("t", "r", 1, seq));
    }
    log.send(finished("t", "r", 1, 21));
    log.pass(SILENCE.multipliedBy(3));
    assertThat(log.ended).isEmpty();
    assertThat(log.rejected).isEmpty();
  }

  @Test
  void betweenTwoAttemptsOpensTheNextAndEndsIt() {
    log.send(started("t", "r", 1));
    log.send(failed("t", "r", 1, 2));
    log.pass(SILENCE);
    assertThat(log.last().attempt()).isEqualTo(2);
    assertThat(log.last().seq()).isEqualTo(1);
    assertThat(log.last().ends()).isTrue();
    assertThat(log.read()).hasSize(3);
  }

  @Test
  void aNewAttemptBringsItsOwnTimeout() {
    log.sendStart("r", Duration.ofHours(2));
    log.pass(Duration.ofSeconds(30));
    log.send(started("t", "r", 2));
    log.pass(SILENCE);
    assertThat(log.last().ends()).isTrue();
    assertThat(log.last().attempt()).isEqualTo(2);
  }

  @Test
  void endsARunThatTakesTooLongThoughItIsBusy() {
    log.send(started("t", "r", 1));
    int seq = 1;
    for (int halfMinute = 1; halfMinute < 120; halfMinute++) {
      log.pass(Duration.ofSeconds(30));
      log.send(content("t", "r", 1, ++seq));
    }
    assertThat(log.ended).isEmpty();
    log.pass(Duration.ofSeconds(30));
    assertThat(log.last().ends()).isTrue();
    assertThat(log.last().seq()).isEqualTo(seq + 1);
    assertThat(row("r"))
        .contains("\"message\":\"The run has taken longer than 3600 s\",\"code\":\"TIMEOUT\"");
  }

  @Test
  void theAgentThatIsFasterHasWon() {
    log.send(started("t", "r", 1));
    log.send(content("t", "r", 1, 2));
    log.send(end("r", 1, 2));
    log.send(content("t", "r", 1, 3));
    assertThat(log.rejected).containsExactly(RejectReason.DUPLICATE);
    assertThat(log.read()).hasSize(3).noneMatch(Envelope::ends);
  }

  @Test
  void whatASecondOwnerOfThePartitionWritesIsRejected() {
    log.send(started("t", "r", 1));
    log.pass(SILENCE);
    log.send(end("r", 1, 2));
    assertThat(log.rejected).containsExactly(RejectReason.AFTER_TERMINAL);
    assertOneEnd();
  }

  @Test
  void aZombieThatWakesUpLaterIsRejectedVisibly() {
    log.send(started("t", "r", 1));
    log.pass(SILENCE);
    log.send(content("t", "r", 1, 2));
    log.send(finished("t", "r", 1, 3));
    log.send(started("t", "r", 2));
    assertThat(log.rejected).hasSize(3).containsOnly(RejectReason.AFTER_TERMINAL);
    assertOneEnd();
  }

  @Test
  void aPauseOfTheRouterEndsNoHealthyRun() {
    log.send(started("t", "healthy", 1));
    log.send(started("t", "lost", 1));
    log.pass(Duration.ofSeconds(50));
    log.routed = false;
    log.pass(Duration.ofSeconds(60));
    log.routed = true;
    log.pass(SILENCE.minus(SECOND));
    assertThat(log.ended).isEmpty();
    assertThat(log.restarts).isEqualTo(1);
    log.send(content("t", "healthy", 1, 2));
    log.pass(SECOND.multipliedBy(2));
    assertThat(log.ended).isEqualTo(Map.of(EndCode.AGENT_LOST, 1));
    assertThat(log.last().run()).isEqualTo("lost");
  }

  @Test
  void whileTheLedgerLagsItSaysNothing() {
    log.send(started("t", "r", 1));
    log.unread = 1;
    log.pass(SILENCE.multipliedBy(2));
    assertThat(log.ended).isEmpty();
    assertThat(log.overdue).isEqualTo(SILENCE);
    log.unread = 0;
    log.pass(SILENCE.minus(SECOND));
    assertThat(log.ended).isEmpty();
    log.pass(SECOND.multipliedBy(2));
    assertOneEnd();
  }

  @Test
  void aHiccupDoesNotMakeItForget() {
    log.send(started("t", "r", 1));
    log.pass(SILENCE.minus(SECOND.multipliedBy(6)));
    log.routed = false;
    log.pass(SECOND.multipliedBy(4));
    log.routed = true;
    log.pass(SECOND.multipliedBy(2));
    assertThat(log.restarts).isZero();
    assertOneEnd();
  }

  @Test
  void watchesTheRunsThatTheLedgerHadBefore() {
    log.send(started("t", "r", 1));
    byte[] row = requireNonNull(log.ledger().get("run/r"));
    try (WatchedLog next = new WatchedLog(WatchdogSettings.DEFAULTS)) {
      next.ledger().put("run/r", row);
      next.ledger().put("all/RUNNING/1/r", new byte[0]);
      next.pass(SILENCE);
      assertThat(next.ended).isEmpty();
      next.pass(SECOND.multipliedBy(2));
      assertThat(next.ended).isEqualTo(Map.of(EndCode.AGENT_LOST, 1));
    }
  }

  private void assertOneEnd() {
    List<Envelope> ends = log.read().stream().filter(Envelope::ends).toList();
    assertThat(ends).hasSize(1);
    assertThat(ends.get(0)).isEqualTo(log.last());
  }

  private String row(String run) {
    return new String(requireNonNull(log.ledger().get("run/" + run)), UTF_8);
  }

  /** What a watchdog that knows no more has written. */
  private static AgentEvent end(String run, int attempt, long seq) {
    return new AgentEvent("t", run, attempt, seq, EventType.RUN_ERROR, true);
  }
}
