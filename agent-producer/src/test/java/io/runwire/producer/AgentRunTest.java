package io.runwire.producer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.event.EventValue;
import io.runwire.producer.log.AgentEvent;
import io.runwire.producer.log.MemoryLog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class AgentRunTest {
  private final MemoryLog log = new MemoryLog();
  private final Runwire runwire = Scripted.over(log);
  private final AgentRun run = runwire.startRun("thread-1");

  @Test
  void numbersDenselyFromOne() {
    run.reasoning("hm");
    run.complete();

    assertThat(Scripted.seqs(log)).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L);
    assertThat(Scripted.types(log))
        .containsExactly(
            "RUN_STARTED",
            "REASONING_START",
            "REASONING_MESSAGE_START",
            "REASONING_MESSAGE_CONTENT",
            "REASONING_MESSAGE_END",
            "REASONING_END",
            "RUN_FINISHED");
  }

  @Test
  void aToolCallAnnouncesItsArgumentsBeforeItsResult() {
    try (ToolCall call = run.toolCall("search", Map.of("q", "kafka"))) {
      assertThat(Scripted.types(log))
          .endsWith("TOOL_CALL_START", "TOOL_CALL_ARGS", "TOOL_CALL_END");
      assertThat(last(1).get("delta").asText()).isEqualTo("{\"q\":\"kafka\"}");
      call.result("found");
    }

    assertThat(Scripted.types(log)).endsWith("TOOL_CALL_END", "TOOL_CALL_RESULT");
    assertThat(last(0).get("content").asText()).isEqualTo("found");
    assertThat(last(0).get("toolCallId").asText()).isEqualTo("call-1");
  }

  @Test
  void aToolCallClosedWithoutAResultWritesNone() {
    run.toolCall("confirm", Map.of()).close();

    assertThat(Scripted.types(log)).endsWith("TOOL_CALL_END").doesNotContain("TOOL_CALL_RESULT");
  }

  @Test
  void streamedArgumentsEndWithTheResult() {
    try (ToolCall call = run.toolCall("search")) {
      call.argsDelta("{\"q\":");
      call.argsDelta("\"kafka\"}");
      call.result(List.of(1, 2));
      assertThatIllegalStateException().isThrownBy(() -> call.argsDelta("more"));
      assertThatIllegalStateException().isThrownBy(() -> call.result("again"));
    }

    assertThat(Scripted.types(log))
        .endsWith(
            "TOOL_CALL_START",
            "TOOL_CALL_ARGS",
            "TOOL_CALL_ARGS",
            "TOOL_CALL_END",
            "TOOL_CALL_RESULT");
    assertThat(last(0).get("content").asText()).isEqualTo("[1,2]");
  }

  @Test
  void aFailedToolSaysSo() {
    try (ToolCall call = run.toolCall("search", Map.of())) {
      call.failed(new IOException("connection refused"));
    }

    assertThat(last(0).get("content").asText()).isEqualTo("IOException: connection refused");
    assertThat(last(0).at("/metadata/runwire/failed").asBoolean()).isTrue();
  }

  @Test
  void endingClosesWhatIsOpenInnermostFirst() {
    Step step = run.step("plan");
    TextMessage message = run.message();
    run.complete(Map.of("answer", 42));

    assertThat(Scripted.types(log)).endsWith("TEXT_MESSAGE_END", "STEP_FINISHED", "RUN_FINISHED");
    assertThat(last(0).at("/result/answer").asInt()).isEqualTo(42);
    message.close();
    step.close();
    assertThat(Scripted.types(log)).endsWith("RUN_FINISHED");
    assertThatIllegalStateException().isThrownBy(() -> message.delta("late"));
  }

  @Test
  void closingWithoutAnEndIsAnError() {
    TextMessage message = run.message();
    message.delta("half");
    run.close();

    assertThat(Scripted.types(log)).endsWith("TEXT_MESSAGE_END", "RUN_ERROR");
    assertThat(last(0).get("code").asText()).isEqualTo("NOT_COMPLETED");
  }

  @Test
  void closingAfterAnEndWritesNothing() {
    run.complete();
    run.close();
    run.close();

    assertThat(Scripted.types(log)).containsExactly("RUN_STARTED", "RUN_FINISHED");
  }

  @Test
  void nothingCanBeWrittenAfterTheEnd() {
    run.fail("QUOTA_EXCEEDED", "No tokens left.");

    assertThatIllegalStateException().isThrownBy(() -> run.reasoning("late"));
    assertThatIllegalStateException().isThrownBy(() -> run.toolCall("late", Map.of()));
    assertThatIllegalStateException().isThrownBy(run::message);
    assertThatIllegalStateException().isThrownBy(run::complete);
    assertThat(Scripted.types(log)).containsExactly("RUN_STARTED", "RUN_ERROR");
  }

  @Test
  void anExceptionBecomesAShortErrorWithoutItsTrace() {
    run.fail(new IOException("x".repeat(1 << 20)));

    assertThat(last(0).get("code").asText()).isEqualTo("AGENT_ERROR");
    assertThat(last(0).get("message").asText())
        .startsWith("IOException: xxx")
        .hasSizeLessThan(5_000);
  }

  @Test
  void anAttemptThatAnotherFollowsIsNotFinal() {
    run.failAttempt("UPSTREAM", "try again");
    assertThat(log.events().get(1).headers()).containsEntry("final", "false");

    AgentRun second =
        runwire.startRun(RunOptions.onThread("thread-1").withRun(run.id()).withAttempt(2));
    second.complete();

    AgentEvent started = log.events().get(2);
    assertThat(started.seq()).isEqualTo(1);
    assertThat(started.headers()).containsEntry("attempt", "2");
    assertThat(log.events().get(3).headers()).doesNotContainKey("final");
  }

  @Test
  void stepsAreToldApartByName() {
    Step first = run.step("plan");
    assertThatIllegalStateException().isThrownBy(() -> run.step("plan"));
    run.step("read").close();
    first.close();
    run.step("plan").close();
    run.complete();

    assertThat(Scripted.types(log)).filteredOn("STEP_STARTED"::equals).hasSize(3);
    assertThat(Scripted.types(log)).filteredOn("STEP_FINISHED"::equals).hasSize(3);
  }

  @Test
  void anEmptyDeltaWritesNothing() {
    try (TextMessage message = run.message()) {
      message.delta("");
    }

    assertThat(Scripted.types(log)).endsWith("TEXT_MESSAGE_START", "TEXT_MESSAGE_END");
  }

  @Test
  void aResultTooLargeIsRefusedAndAShorterOneMayFollow() {
    try (ToolCall call = run.toolCall("read", Map.of())) {
      assertThatThrownBy(() -> call.result("x".repeat(EventValue.MAX_BYTES)))
          .isInstanceOfSatisfying(
              EventTooLargeException.class,
              e -> assertThat(e.bytes()).isGreaterThan(e.limit()).isLessThan(e.limit() + 500))
          .hasMessageContaining("TOOL_CALL_RESULT")
          .hasMessageContaining("1048576");
      assertThat(Scripted.types(log)).endsWith("TOOL_CALL_END");
      call.result("short");
    }
    run.complete();

    assertThat(Scripted.types(log)).endsWith("TOOL_CALL_RESULT", "RUN_FINISHED");
    assertThat(Scripted.seqs(log)).isEqualTo(LongStream.rangeClosed(1, 6).boxed().toList());
  }

  @Test
  void aResultAsLargeAsTheLogTakesFits() {
    int around = last0AfterResult("").value().length;
    AgentEvent largest = last0AfterResult("x".repeat(EventValue.MAX_BYTES - around));

    assertThat(largest.value()).hasSize(EventValue.MAX_BYTES);
  }

  @Test
  void refusesWhatTheRouterWouldReject() {
    Object deep = "x";
    for (int i = 0; i < EventValue.MAX_DEPTH; i++) {
      deep = List.of(deep);
    }
    Object tooDeep = deep;
    List<Object> circle = new ArrayList<>();
    circle.add(circle);

    assertThatIllegalArgumentException().isThrownBy(() -> run.state(tooDeep));
    assertThatIllegalArgumentException().isThrownBy(() -> run.custom("circle", circle));
    assertThatIllegalArgumentException().isThrownBy(() -> run.toolCall("circle", circle));
    assertThat(Scripted.types(log)).containsExactly("RUN_STARTED");
  }

  @Test
  void carriesTheTraceOnEveryEvent() {
    String traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    MemoryLog traced = new MemoryLog();
    Scripted.over(traced)
        .startRun(RunOptions.onThread("thread-1").withTraceparent(traceparent))
        .complete();

    assertThat(traced.events())
        .hasSize(2)
        .allSatisfy(e -> assertThat(e.headers()).containsEntry("traceparent", traceparent));
  }

  @Test
  void namesItsAgentWhenItStarts() {
    runwire.startRun(RunOptions.onThread("thread-2").withAgent("Research Agent")).complete();

    assertThat(log.events().get(0).headers()).doesNotContainKey("agent");
    assertThat(log.events().get(1).headers()).containsEntry("agent", "Research Agent");
    assertThat(log.events().get(2).headers()).doesNotContainKey("agent");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RunOptions.onThread("t").withAgent("two\nlines"))
        .withMessageContaining("agent: ");
  }

  @Test
  void namesItsTimeoutWhenItStarts() {
    runwire.startRun(RunOptions.onThread("thread-2").withTimeout(Duration.ofMinutes(5))).complete();

    assertThat(log.events().get(0).headers()).containsEntry("timeout-ms", "60000");
    assertThat(log.events().get(1).headers()).containsEntry("timeout-ms", "300000");
    assertThat(log.events().get(2).headers()).doesNotContainKey("timeout-ms");
  }

  @Test
  void severalThreadsShareOneNumbering() throws InterruptedException {
    List<Thread> tools = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread tool =
          new Thread(
              () -> {
                for (int n = 0; n < 50; n++) {
                  try (ToolCall call = run.toolCall("count", Map.of("n", n))) {
                    call.result(n);
                  }
                }
              });
      tools.add(tool);
      tool.start();
    }
    for (Thread tool : tools) {
      tool.join();
    }
    run.complete();

    long last = 1 + 4 * 50 * 4 + 1;
    assertThat(Scripted.seqs(log)).isEqualTo(LongStream.rangeClosed(1, last).boxed().toList());
  }

  private AgentEvent last0AfterResult(String content) {
    try (ToolCall call = run.toolCall("read", Map.of())) {
      call.result(content);
    }
    return log.events().get(log.events().size() - 1);
  }

  /** The value of the event that many before the last. */
  private JsonNode last(int before) {
    try {
      return new ObjectMapper()
          .readTree(log.events().get(log.events().size() - 1 - before).value());
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
