package io.runwire.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.runwire.producer.log.MemoryLog;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RunBranchTest {
  private final MemoryLog log = new MemoryLog();
  private final AgentRun run = Scripted.over(log).startRun("thread-1");

  @Test
  void endsWithoutItsRun() {
    RunBranch branch = run.branch();
    branch.step("look up");
    TextMessage message = branch.message();
    TextMessage other = run.message();
    branch.close();
    branch.close();
    other.delta("still here");
    run.complete();

    assertThat(Scripted.types(log))
        .containsExactly(
            "RUN_STARTED",
            "STEP_STARTED",
            "TEXT_MESSAGE_START",
            "TEXT_MESSAGE_START",
            "TEXT_MESSAGE_END",
            "STEP_FINISHED",
            "TEXT_MESSAGE_CONTENT",
            "TEXT_MESSAGE_END",
            "RUN_FINISHED");
    assertThatIllegalStateException().isThrownBy(() -> message.delta("late"));
  }

  @Test
  void refusesWhatIsWrittenLate() {
    RunBranch branch = run.branch();
    RunBranch inner = branch.branch();
    branch.close();

    assertThatIllegalStateException()
        .isThrownBy(() -> branch.message("late"))
        .withMessageContaining("a branch of run run-1 attempt 1 of thread thread-1 has ended");
    assertThatIllegalStateException().isThrownBy(() -> inner.toolCall("search", Map.of()));
    run.message("in time");
    assertThat(Scripted.types(log)).endsWith("TEXT_MESSAGE_END").hasSize(4);
  }

  @Test
  void endsWithItsRun() {
    RunBranch branch = run.branch();
    branch.message();
    run.complete();
    branch.close();

    assertThat(Scripted.types(log)).endsWith("TEXT_MESSAGE_END", "RUN_FINISHED");
    assertThatIllegalStateException().isThrownBy(() -> branch.message("late"));
  }
}
