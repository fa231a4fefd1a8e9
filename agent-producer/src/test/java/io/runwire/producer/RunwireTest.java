package io.runwire.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runwire.event.EventValue;
import io.runwire.producer.log.MemoryLog;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RunwireTest {
  private final MemoryLog log = new MemoryLog();
  private final Runwire runwire = Scripted.over(log);

  @Test
  void closingEndsTheRunsThatAreGoing() {
    AgentRun going = runwire.startRun("thread-1");
    runwire.startRun("thread-2").complete();
    runwire.close();
    runwire.close();

    assertThat(Scripted.types(log))
        .containsExactly("RUN_STARTED", "RUN_STARTED", "RUN_FINISHED", "RUN_ERROR");
    assertThat(log.events().get(3).json()).contains("\"code\":\"PRODUCER_CLOSED\"");
    assertThatIllegalStateException().isThrownBy(() -> going.message("late"));
    going.close();
  }

  @Test
  void whoeverAskedMayEndRunsInAWayOfItsOwnBeforeItCloses() {
    AgentRun going = runwire.startRun("thread-1");
    runwire.beforeClose(() -> going.fail("MINE", "in my own words"));
    Runnable takeBack = runwire.beforeClose(() -> runwire.startRun("thread-2"));
    takeBack.run();
    runwire.close();

    assertThat(Scripted.types(log)).containsExactly("RUN_STARTED", "RUN_ERROR");
    assertThat(log.events().get(1).json()).contains("\"code\":\"MINE\"");
  }

  @Test
  void stoppingTheProcessSaysSo() {
    runwire.startRun("thread-1");
    runwire.stop();
    runwire.close();

    assertThat(Scripted.types(log)).containsExactly("RUN_STARTED", "RUN_ERROR");
    assertThat(log.events().get(1).json()).contains("\"code\":\"AGENT_STOPPED\"");
  }

  @Test
  void startsNothingOnceItIsClosed() {
    runwire.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> runwire.startRun("thread-1"))
        .withMessageContaining("closed");
    assertThat(log.events()).isEmpty();
  }

  @Test
  void oneAttemptHasOneWriter() {
    RunOptions options = RunOptions.onThread("thread-1").withRun("r");
    AgentRun first = runwire.startRun(options);
    assertThatIllegalStateException().isThrownBy(() -> runwire.startRun(options));
    first.complete();

    assertThat(Scripted.types(log)).containsExactly("RUN_STARTED", "RUN_FINISHED");
  }

  @Test
  void anInputTooLargeStartsNothing() {
    RunOptions options =
        RunOptions.onThread("thread-1").withInput("x".repeat(EventValue.MAX_BYTES));
    assertThatThrownBy(() -> runwire.startRun(options)).isInstanceOf(EventTooLargeException.class);
    runwire.close();

    assertThat(log.events()).isEmpty();
  }

  @Test
  void refusesOptionsThatTheRouterWouldReject() {
    RunOptions options = RunOptions.onThread("thread-1");
    assertThatIllegalArgumentException().isThrownBy(() -> RunOptions.onThread("a b"));
    assertThatIllegalArgumentException().isThrownBy(() -> RunOptions.onThread(""));
    assertThatIllegalArgumentException().isThrownBy(() -> options.withRun("ü"));
    assertThatIllegalArgumentException().isThrownBy(() -> options.withAttempt(0));
    assertThatIllegalArgumentException().isThrownBy(() -> options.withTimeout(Duration.ZERO));
    assertThatIllegalArgumentException().isThrownBy(() -> options.withTimeout(Duration.ofDays(2)));
    assertThatIllegalArgumentException().isThrownBy(() -> options.withTraceparent("00-xyz"));
  }
}
