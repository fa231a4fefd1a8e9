package io.runwire.loadtest.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.event.EventType;
import io.runwire.event.EventValue;
import io.runwire.loadtest.drive.ScriptedRun.Script;
import io.runwire.loadtest.drive.ScriptedRun.State;
import io.runwire.loadtest.journal.Sent;
import io.runwire.producer.Runwire;
import io.runwire.producer.log.AgentEvent;
import io.runwire.producer.log.MemoryLog;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ScriptedRunTest {
  private static final Script SCRIPT = new Script(40, Duration.ofMinutes(1), 1);

  private final MemoryLog memory = new MemoryLog();
  private final List<Sent> journal = new ArrayList<>();
  private final JournaledLog log =
      new JournaledLog(memory, journal::add, settled -> {}, () -> 1_000);
  private final Runwire runwire = Runwire.over(log);

  @Test
  void writesWholeRunsOfAboutSoManyEventsAndEndsEachOnce() {
    SplittableRandom seeds = new SplittableRandom(7);
    for (int i = 0; i < 100; i++) {
      play(new ScriptedRun(runwire, log, "t", SCRIPT, seeds.split()));
    }
    Map<String, List<AgentEvent>> attempts = new HashMap<>();
    for (AgentEvent event : memory.events()) {
      attempts.computeIfAbsent(event.attempt().toString(), key -> new ArrayList<>()).add(event);
      assertThat(EventValue.check(event.value(), event.type())).isEmpty();
    }
    attempts.forEach(
        (attempt, events) -> {
          assertThat(events.size()).as(attempt).isBetween(40, 60);
          assertThat(events.get(0).type()).isEqualTo(EventType.RUN_STARTED);
          assertThat(events.stream().filter(event -> event.type().terminal())).hasSize(1);
          assertThat(events.get(events.size() - 1).type().terminal()).isTrue();
        });
    assertThat(attempts.keySet()).anyMatch(attempt -> attempt.contains("attempt 2"));
    assertThat(journal.stream().filter(Sent::ends).filter(this::isAcked)).hasSize(100);
  }

  @Test
  void confirmsEveryEventThatItWrote() {
    play(new ScriptedRun(runwire, log, "t", SCRIPT, new SplittableRandom(1)));
    assertThat(journal.stream().filter(this::isAcked).map(Sent::hash))
        .containsExactlyElementsOf(
            journal.stream().filter(sent -> !isAcked(sent)).map(Sent::hash).toList());
    assertThat(log.unsettled()).isZero();
  }

  @Test
  void endsAtTheNextMoveInAHurry() {
    ScriptedRun run = new ScriptedRun(runwire, log, "t", SCRIPT, new SplittableRandom(1));
    assertThat(run.move(true)).isEqualTo(State.SETTLING);
    assertThat(run.move(true)).isEqualTo(State.SETTLED);
    assertThat(memory.events()).hasSizeLessThan(5);
  }

  private boolean isAcked(Sent sent) {
    return sent.result() == Sent.Result.ACKED;
  }

  private static void play(ScriptedRun run) {
    State state = run.move(false);
    for (int moves = 0; state != State.SETTLED; moves++) {
      assertThat(moves).isLessThan(1_000);
      state = run.move(false);
    }
  }
}
