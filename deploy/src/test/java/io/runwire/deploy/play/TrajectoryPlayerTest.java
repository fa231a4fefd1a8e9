package io.runwire.deploy.play;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.deploy.demo.WrittenRun;
import io.runwire.event.EventType;
import io.runwire.event.EventValue;
import io.runwire.producer.AgentRun;
import io.runwire.producer.Runwire;
import io.runwire.producer.log.MemoryLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class TrajectoryPlayerTest {
  /** Where real recordings lie beside a checkout that has them. */
  private static final Path RECORDINGS = Path.of("..", "..", "shared", "data", "swe-agent");

  private final MemoryLog log = new MemoryLog();

  @Test
  void playsThoughtCommandAndOutputByteForByte() throws Exception {
    String output = "a\tb\r\nä日本😀\u001b[31m\u0000\u2028" + "x".repeat(300_000);
    play(
        step("Let's look.", "Let's look.", " ls -F\n", output),
        step("Done?", "Done?\n```\nsubmit\n```", "submit", ""));
    WrittenRun run = new WrittenRun(log);

    assertThat(run.reasoning()).containsExactly("Let's look.", "Done?");
    assertThat(run.tools()).containsExactly("ls", "submit");
    assertThat(new ObjectMapper().readTree(run.toolArgs().get(0)).get("command").textValue())
        .isEqualTo(" ls -F\n");
    assertThat(run.results()).containsExactly(output, "");
    assertThat(run.messages()).containsExactly("Done?\n```\nsubmit\n```", "diff");
    JsonNode result = run.events(EventType.RUN_FINISHED).get(0).get("result");
    assertThat(result.get("exitStatus").asText()).isEqualTo("submitted");
    assertThat(result.get("steps").asInt()).isEqualTo(2);
    assertThat(log.events())
        .allSatisfy(e -> assertThat(EventValue.check(e.value(), e.type())).isEmpty());
  }

  @Test
  void leavesOutWhatIsNotRecorded() throws Exception {
    play(step("", "", "", ""), step("", "", "  ", "Your command was malformed."));
    WrittenRun run = new WrittenRun(log);

    assertThat(run.reasoning()).isEmpty();
    assertThat(run.tools()).containsExactly("none");
    assertThat(run.results()).containsExactly("Your command was malformed.");
  }

  @Test
  void anOutputThatNoEventCanHoldFailsItsCallOnly() throws Exception {
    play(step("", "", "cat huge", "x".repeat(EventValue.MAX_BYTES)), step("", "", "ls", "a"));
    WrittenRun run = new WrittenRun(log);

    assertThat(run.results().get(0)).contains("TOOL_CALL_RESULT").contains("1048576");
    assertThat(run.results().get(1)).isEqualTo("a");
  }

  @Test
  void commandsTakeAsLongAsTheyTookAtTheSpeedAskedFor() throws Exception {
    Trajectory slow =
        new Trajectory(
            List.of(new TrajectoryStep("", "", "make", "ok", Duration.ofMillis(500))),
            Optional.empty(),
            Optional.empty());
    assertThat(new TrajectoryPlayer(slow, 1).longestSilence()).isEqualTo(Duration.ofMillis(500));
    assertThat(new TrajectoryPlayer(slow, 0).longestSilence()).isEqualTo(Duration.ZERO);

    play(new TrajectoryPlayer(slow, 10));

    WrittenRun run = new WrittenRun(log);
    long called = at(run, EventType.TOOL_CALL_END);
    long answered = at(run, EventType.TOOL_CALL_RESULT);
    assertThat(answered - called).isGreaterThanOrEqualTo(49); // 50 ms by another clock
  }

  @Test
  void anInterruptEndsTheRunAndStaysSet() throws IOException {
    TrajectoryPlayer player =
        new TrajectoryPlayer(
            new Trajectory(
                List.of(step("thought", "", "", "")), Optional.empty(), Optional.empty()),
            0);
    Thread.currentThread().interrupt();
    play(player);

    assertThat(Thread.interrupted()).isTrue();
    assertThat(new WrittenRun(log).events(EventType.RUN_ERROR))
        .singleElement()
        .satisfies(error -> assertThat(error.get("code").asText()).isEqualTo("CANCELLED"));
  }

  @Test
  void refusesASpeedThatIsNone() {
    Trajectory any = new Trajectory(List.of(), Optional.empty(), Optional.empty());

    assertThatIllegalArgumentException().isThrownBy(() -> new TrajectoryPlayer(any, -1));
    assertThatIllegalArgumentException().isThrownBy(() -> new TrajectoryPlayer(any, Double.NaN));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new TrajectoryPlayer(any, Double.POSITIVE_INFINITY));
  }

  @Test
  void playsRealRecordingsWithoutChangingAByte() throws Exception {
    if (!Files.isDirectory(RECORDINGS)) {
      System.out.println("SKIPPED playsRealRecordings…: no recordings in " + RECORDINGS);
    }
    assumeTrue(Files.isDirectory(RECORDINGS), "no recordings in " + RECORDINGS);
    try (Stream<Path> files = Files.list(RECORDINGS)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".traj")).toList()) {
        playsWithoutChangingAByte(file);
      }
    }
  }

  private static void playsWithoutChangingAByte(Path file) throws Exception {
    MemoryLog log = new MemoryLog();
    try (Runwire runwire = Runwire.over(log);
        AgentRun run = runwire.startRun("thread-1")) {
      new TrajectoryPlayer(Trajectory.read(file), 0).play(run);
    }
    WrittenRun run = new WrittenRun(log);
    JsonNode recorded = new ObjectMapper().readTree(file.toFile()); // not by the reader under test
    List<String> observations = new ArrayList<>();
    List<String> thoughts = new ArrayList<>();
    for (JsonNode step : recorded.get("trajectory")) {
      observations.add(step.get("observation").textValue());
      thoughts.add(step.get("thought").textValue());
    }
    assertThat(run.results()).as(file.toString()).isEqualTo(observations);
    assertThat(run.reasoning()).as(file.toString()).isEqualTo(thoughts);
    assertThat(run.messages())
        .as(file.toString())
        .last()
        .isEqualTo(recorded.at("/info/submission").textValue());
  }

  private static long at(WrittenRun run, EventType type) {
    return run.events(type).get(0).get("timestamp").asLong();
  }

  private static TrajectoryStep step(
      String thought, String response, String action, String observation) {
    return new TrajectoryStep(thought, response, action, observation, Duration.ZERO);
  }

  private void play(TrajectoryStep... steps) {
    play(
        new TrajectoryPlayer(
            new Trajectory(List.of(steps), Optional.of("submitted"), Optional.of("diff")), 0));
  }

  private void play(TrajectoryPlayer player) {
    try (Runwire runwire = Runwire.over(log);
        AgentRun run = runwire.startRun("thread-1")) {
      player.play(run);
    }
  }
}
