package io.runwire.deploy.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.event.EventType;
import io.runwire.producer.Runwire;
import io.runwire.producer.log.MemoryLog;
import io.runwire.producer.runner.AgentRunner;
import io.runwire.producer.runner.AgentSettings;
import io.runwire.producer.runner.Outcome;
import io.runwire.producer.runner.RunHandle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoAgentTest {
  private static final Pattern PLACE = Pattern.compile("`([^`]+):(\\d+)-(\\d+)`");

  @TempDir Path folder = Path.of("");
  private final MemoryLog log = new MemoryLog();

  @BeforeEach
  void writeFiles() throws IOException {
    Files.writeString(
        folder.resolve("Fold.java"),
        "package x;\n\nclass Fold {\n  // skips each duplicate record\n  void apply() {}\n}\n");
    Files.writeString(
        folder.resolve("Router.java"),
        "class Router {\n" + "  int n;\n".repeat(20) + "  // rejects a duplicate\n}\n");
    Files.writeString(folder.resolve("notes.md"), "Nothing of interest.\n");
    Files.createDirectory(folder.resolve("target"));
    Files.writeString(folder.resolve("target/Copy.java"), "duplicate duplicate duplicate");
  }

  @Test
  void searchesReadsAndQuotesWhatIsThere() throws Exception {
    ask("Who skips a duplicate?");
    WrittenRun run = new WrittenRun(log);

    assertThat(run.tools())
        .containsExactly("list_files", "search", "search", "read_file", "read_file");
    assertThat(run.toolArgs())
        .startsWith("{\"folder\":\".\"}", "{\"word\":\"skips\"}", "{\"word\":\"duplicate\"}");
    JsonNode found = new ObjectMapper().readTree(run.results().get(2));
    assertThat(found.get("files").asInt()).isEqualTo(2);
    assertThat(found.get("lines").asInt()).isEqualTo(2);
    assertThat(run.results().get(3))
        .isEqualTo(Files.readString(folder.resolve("Fold.java")).strip());
    JsonNode outcome = end(EventType.RUN_FINISHED).get("result");
    assertThat(outcome.get("keywords").toString()).isEqualTo("[\"skips\",\"duplicate\"]");
    assertThat(outcome.get("files").asInt()).isEqualTo(3);
    assertThat(outcome.at("/quotes/0").asText()).startsWith("Fold.java:");
    assertThat(run.messages()).hasSize(1);
    assertThat(run.messages().get(0))
        .contains("“skips” on 1 line of 1 file, “duplicate” on 2 lines of 2 files")
        .contains("not a language model");
    assertThat(run.reasoning()).hasSize(2);
  }

  @Test
  void everyQuotedLineStandsInItsFileAtItsNumber() throws Exception {
    ask("Who skips a duplicate?");
    String answer = new WrittenRun(log).messages().get(0);
    List<MatchResult> places = PLACE.matcher(answer).results().toList();

    assertThat(places).hasSize(2);
    for (MatchResult place : places) {
      List<String> lines = Files.readAllLines(folder.resolve(place.group(1)));
      for (int n = Integer.parseInt(place.group(2)); n <= Integer.parseInt(place.group(3)); n++) {
        assertThat(answer).contains(String.format("%5d  %s\n", n, lines.get(n - 1)));
      }
    }
  }

  @Test
  void streamsItsAnswerInPieces() throws Exception {
    ask("Who skips a duplicate?");

    assertThat(new WrittenRun(log).events(EventType.TEXT_MESSAGE_CONTENT).size()).isGreaterThan(50);
  }

  @Test
  void saysWhenItFindsNothing() throws Exception {
    ask("Where is the xylophone?");
    WrittenRun run = new WrittenRun(log);

    assertThat(end(EventType.RUN_FINISHED).at("/result/quotes")).isEmpty();
    assertThat(run.tools()).containsExactly("list_files", "search");
    assertThat(run.messages().get(0)).contains("“xylophone” nowhere").contains("3 files");
  }

  @Test
  void saysWhenThereIsNothingToLookFor() throws Exception {
    ask("What is it?");
    WrittenRun run = new WrittenRun(log);

    assertThat(run.tools()).isEmpty();
    assertThat(run.messages().get(0)).contains("no word in your question");
  }

  @Test
  void aFolderThatIsGoneEndsTheRun() throws IOException {
    ask(new DemoAgent(folder.resolve("gone"), Pace.NONE), "duplicate");

    assertThat(end(EventType.RUN_ERROR).get("message").asText()).contains("gone");
  }

  @Test
  void aCancelledAnswerStops() throws IOException {
    try (Runwire runwire = Runwire.over(log);
        AgentRunner runner = AgentRunner.over(runwire)) {
      RunHandle run = run(runner, new DemoAgent(folder), "duplicate");
      run.cancel();
      assertThat(run.outcome().join()).isEqualTo(new Outcome.Cancelled("CANCELLED"));
    }

    assertThat(end(EventType.RUN_ERROR).get("code").asText()).isEqualTo("CANCELLED");
  }

  private void ask(String question) {
    ask(new DemoAgent(folder, Pace.NONE), question);
  }

  private void ask(DemoAgent agent, String question) {
    try (Runwire runwire = Runwire.over(log);
        AgentRunner runner = AgentRunner.over(runwire, AgentSettings.DEFAULT.withAttempts(1))) {
      run(runner, agent, question).outcome().join();
    }
  }

  private static RunHandle run(AgentRunner runner, DemoAgent agent, String question) {
    return runner.run("demo", "thread-1", question, context -> agent.answer(context, question));
  }

  private JsonNode end(EventType type) throws IOException {
    List<JsonNode> ends = new WrittenRun(log).events(type);
    assertThat(ends).hasSize(1);
    return ends.get(0);
  }
}
