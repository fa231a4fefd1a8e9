package io.runwire.loadtest.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.event.EventType;
import io.runwire.producer.Runwire;
import io.runwire.producer.log.AgentEvent;
import io.runwire.producer.log.MemoryLog;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class PulsesTest {
  private final MemoryLog log = new MemoryLog();

  @Test
  void areWrittenOnTheThreadsInTurn() {
    Pulses pulses = new Pulses(Runwire.over(log), List.of("a", "b"), 100, 10);
    for (long dueUs = 1; dueUs <= 4; dueUs++) {
      pulses.write(dueUs);
    }
    pulses.end();
    assertThat(dues("a")).containsExactly(1L, 3L);
    assertThat(dues("b")).containsExactly(2L, 4L);
    assertThat(types("a")).endsWith(EventType.RUN_FINISHED);
  }

  @Test
  void beginTheNextRunWhenTheLastOneEndsSoThatNoPulseWaitsForItsStart() {
    Pulses pulses = new Pulses(Runwire.over(log), List.of("a"), 2, 10);
    pulses.write(1);
    pulses.write(2);
    assertThat(types("a"))
        .containsExactly(
            EventType.RUN_STARTED,
            EventType.CUSTOM,
            EventType.CUSTOM,
            EventType.RUN_FINISHED,
            EventType.RUN_STARTED);
    assertThat(log.events().stream().map(event -> event.attempt().run()).distinct()).hasSize(2);
  }

  private List<Long> dues(String thread) {
    return on(thread).stream()
        .map(event -> Pulse.dueUs(event.value()))
        .filter(OptionalLong::isPresent)
        .map(OptionalLong::getAsLong)
        .toList();
  }

  private List<EventType> types(String thread) {
    return on(thread).stream().map(AgentEvent::type).toList();
  }

  private List<AgentEvent> on(String thread) {
    return log.events().stream().filter(event -> event.attempt().thread().equals(thread)).toList();
  }
}
