package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.runwire.edge.RunwireEdge;
import io.runwire.loadtest.drive.WireClient;
import io.runwire.loadtest.drive.WireFrame;
import io.runwire.producer.AgentRun;
import io.runwire.producer.Reasoning;
import io.runwire.producer.RunOptions;
import io.runwire.producer.Step;
import io.runwire.producer.TextMessage;
import io.runwire.producer.ToolCall;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Producers and readers that share no code with us, by the published contract alone. */
class InteropIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static Runwired system;
  private static RunwireEdge edge;

  @BeforeAll
  static void start() throws Exception {
    system = new Runwired();
    edge = system.startEdge();
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
  }

  @Test
  void whatKafkajsWritesByTheContractAloneArrivesByteForByte() throws Exception {
    String thread = "interop.kafkajs";
    List<String> written = new ArrayList<>();
    Map<String, String> environment =
        Map.of("BOOTSTRAP", system.bootstrapServers(), "THREAD", thread, "RUN", "run-kafkajs");
    try (NodeScript producer = NodeScript.start("produce.js", environment)) {
      for (JsonNode line = producer.next(); line != null; line = producer.next()) {
        byte[] value = Base64.getDecoder().decode(line.path("value").asText());
        written.add(new String(value, StandardCharsets.UTF_8));
      }
      assertThat(producer.exitCode()).isZero();
    }
    assertThat(written).hasSizeGreaterThan(5);
    assertThat(read(thread, written.size())).isEqualTo(written);
  }

  @Test
  void agUiAcceptsEveryEventThatTheJavaProducerEmits() throws Exception {
    String thread = "interop.ag-ui";
    AgentRun everything =
        system.producer().startRun(RunOptions.onThread(thread).withInput("What is there?"));
    try (everything) {
      writeEverything(everything);
    }
    AgentRun failed =
        system.producer().startRun(RunOptions.onThread(thread).withParentRun(everything.id()));
    try (failed) {
      failed.fail("NO_LUCK", "The agent found nothing.");
    }
    List<String> events = new ArrayList<>();
    events.addAll(AgentLog.values(system.bootstrapServers(), thread, everything.id()));
    events.addAll(AgentLog.values(system.bootstrapServers(), thread, failed.id()));
    try (NodeScript judge = NodeScript.start("accept.js", Map.of())) {
      judge.input(String.join("\n", events) + "\n");
      JsonNode verdict = judge.next();
      assertThat(judge.exitCode()).isZero();
      assertThat(verdict).isNotNull();
      assertThat(verdict.path("accepted").asInt()).isEqualTo(events.size());
    }
  }

  private static void writeEverything(AgentRun run) {
    run.reasoning("Looking for sources");
    try (Reasoning reasoning = run.reasoning()) {
      reasoning.delta("größer ");
      reasoning.delta("✓");
    }
    try (Step step = run.step("search")) {
      assertThat(step.name()).isEqualTo("search");
      try (ToolCall call = run.toolCall("search", Map.of("q", "cursor \u0001 \r\n"))) {
        call.result(List.of("a", "b"));
      }
      try (ToolCall call = run.toolCall("read")) {
        call.argsDelta("{\"file\":");
        call.argsDelta("\"x\"}");
        call.failed("no such file");
      }
    }
    try (TextMessage message = run.message()) {
      message.delta("Hello \uD83D");
      message.delta("\uDE00, \t\u2028 done");
    }
    run.custom("progress", Map.of("percent", 50));
    run.state(Map.of("sources", List.of("a")));
    run.complete(Map.of("answer", 42));
  }

  private static List<String> read(String thread, int count) throws Exception {
    List<String> events = new ArrayList<>();
    try (WireClient client = WireClient.connect(Runwired.socket(edge.port()), system.token())) {
      client.subscribe(1, thread, "\"from\":\"earliest\"");
      while (events.size() < count) {
        events.add(client.await("event", f -> f.is("event"), PATIENCE).eventText());
      }
      client.send("{\"op\":\"ping\"}");
      WireFrame next = client.await("pong", f -> !f.is("live"), PATIENCE);
      assertThat(next.op()).as("after the last event").isEqualTo("pong");
    }
    return events;
  }
}
