package io.runwire.producer;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.runwire.producer.log.AgentEvent;
import io.runwire.producer.log.MemoryLog;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Every kind of event as it stands in the log, byte for byte, in {@code golden/run.txt}: headers, a
 * tab, the value. The file changes only on purpose: it is what clients see.
 */
final class GoldenRunTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/run.txt");

  private final MemoryLog log = new MemoryLog();

  GoldenRunTest() {
    try (Runwire runwire = Scripted.over(log)) {
      writeEverything(runwire);
    }
  }

  @Test
  void isWrittenAsEver() throws IOException {
    List<String> lines = log.events().stream().map(GoldenRunTest::line).toList();

    assertThat(lines).isEqualTo(Files.readAllLines(GOLDEN));
  }

  @Test
  void isValidByTheContract() throws IOException {
    Schema schema;
    try (InputStream in =
        GoldenRunTest.class.getResourceAsStream("/io/runwire/contract/event.schema.json")) {
      schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(in);
    }

    assertThat(log.events())
        .allSatisfy(
            event ->
                assertThat(schema.validate(event.json(), InputFormat.JSON))
                    .as(event.json())
                    .isEmpty());
  }

  private static void writeEverything(Runwire runwire) {
    RunOptions options =
        RunOptions.onThread("u42.inbox").withParentRun("run-0").withInput("Where is „my“ parcel?");
    try (AgentRun run = runwire.startRun(options)) {
      try (Step step = run.step("look up")) {
        run.reasoning("First the number.");
        try (Reasoning reasoning = run.reasoning()) {
          reasoning.delta("Then the carrier\u2028");
          reasoning.delta("👋 日本語\r\n\t\u0007\u001b[0m");
        }
        try (ToolCall call = run.toolCall("track", new Parcel("99.00.1", 2))) {
          call.result(Map.of("status", "in transit"));
        }
        try (ToolCall call = run.toolCall("ask")) {
          call.argsDelta("{\"who\":");
          call.argsDelta("\"carrier\"}");
          call.argsComplete();
          call.failed("The carrier is away.");
        }
        assertThat(step.name()).isEqualTo("look up");
      }
      run.toolCall("show_map", "{\"zoom\":7}").close();
      run.state(Map.of("parcels", List.of("99.00.1")));
      run.custom("progress", 0.5);
      run.message("In transit.");
      run.complete(Map.of("parcels", 1));
    }
    try (AgentRun run = runwire.startRun(RunOptions.onThread("u42.inbox").withAttempt(2))) {
      run.failAttempt("UPSTREAM", "The model is overloaded.");
    }
    try (AgentRun run = runwire.startRun("u42.inbox")) {
      run.endIfGoing(new RunEnd.Failed("BREAKER_OPEN", "Paused.", Map.of("agent", "parcels")));
    }
    try (AgentRun run = runwire.startRun("u42.inbox")) {
      assertThat(run.attempt()).isEqualTo(1); // and nothing more: closed without an end
    }
  }

  private static String line(AgentEvent event) {
    byte[] value = event.value();
    return event.attempt().thread()
        + " "
        + new TreeMap<>(event.headers())
        + "\t"
        + new String(value, StandardCharsets.UTF_8);
  }

  private record Parcel(String number, int days) {}
}
