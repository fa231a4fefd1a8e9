package io.runwire.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That these are AG-UI's types is the contract test's to say. */
class EventTypeTest {
  @Test
  void onlyFinishedAndErrorAreTerminal() {
    assertThat(EventType.values())
        .filteredOn(EventType::terminal)
        .containsExactly(EventType.RUN_FINISHED, EventType.RUN_ERROR);
  }

  @Test
  void onlyAStartOrTheWatchdogsErrorOpensAnAttempt() {
    assertThat(EventType.values())
        .filteredOn(EventType::opensAttempt)
        .containsExactly(EventType.RUN_STARTED, EventType.RUN_ERROR);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "run_started", "RUN_STARTED ", "THINKING_START", "Run_Started"})
  void knowsNoOtherNames(String name) {
    assertThat(EventType.named(name)).isEmpty();
  }
}
