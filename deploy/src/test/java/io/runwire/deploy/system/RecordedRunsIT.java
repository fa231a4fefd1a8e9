package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.runwire.deploy.play.Trajectory;
import io.runwire.deploy.play.TrajectoryPlayer;
import io.runwire.edge.RunwireEdge;
import io.runwire.loadtest.drive.WireClient;
import io.runwire.loadtest.drive.WireFrame;
import io.runwire.producer.AgentRun;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs of a real coding agent, on every face: what the agent wrote is what comes out, byte for
 * byte. One small recording is ours; where more are at hand ({@code RUNWIRE_RECORDED_RUNS}, or the
 * folder beside the checkout) they are played, too.
 */
class RecordedRunsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Path OWN = Path.of("src/test/resources/recorded");
  private static final Path BESIDE = Path.of("../../shared/data/swe-agent");

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

  static List<Path> recordings() throws IOException {
    List<Path> found = new ArrayList<>(trajectories(OWN));
    String named = System.getenv("RUNWIRE_RECORDED_RUNS");
    Path more = named == null ? BESIDE : Path.of(named);
    if (Files.isDirectory(more)) {
      found.addAll(trajectories(more));
    } else {
      System.out.println("SKIPPED: no recorded runs in " + more + ", only our own was played");
    }
    return found;
  }

  @ParameterizedTest
  @MethodSource("recordings")
  void arrivesByteForByteAtAWebSocketAtCurlAtTheSdkAndInAReplay(Path recording) throws Exception {
    String thread = "recorded." + recording.getFileName().toString().replaceAll("\\W", "-");
    AgentRun run = system.producer().startRun(thread);
    try (run) {
      new TrajectoryPlayer(Trajectory.read(recording), 0).play(run);
    }
    List<String> written = AgentLog.values(system.bootstrapServers(), thread, run.id());
    assertThat(written).hasSizeGreaterThan(10);

    assertThat(overWebSocket(thread, written.size())).as("WebSocket").isEqualTo(written);
    assertThat(overCurl(thread, run.id())).as("curl").isEqualTo(written);
    assertThat(overSdk(thread, run.id())).as("SDK").isEqualTo(written);
    assertThat(replayed(thread, run.id())).as("replay").isEqualTo(written);
  }

  private static List<String> overWebSocket(String thread, int count) throws Exception {
    List<String> events = new ArrayList<>();
    try (WireClient client = WireClient.connect(Runwired.socket(edge.port()), system.token())) {
      client.subscribe(1, thread, "\"from\":\"earliest\"");
      while (events.size() < count) {
        WireFrame frame = client.await("event " + events.size(), f -> f.is("event"), PATIENCE);
        assertThat(frame.json().path("seq").asInt()).isEqualTo(events.size() + 1);
        events.add(frame.eventText());
      }
    }
    return events;
  }

  /** {@code curl -N}: a run's stream ends after its final terminal event. */
  private static List<String> overCurl(String thread, String run) throws Exception {
    String url =
        "http://127.0.0.1:%d/v1/threads/%s/events?from=earliest&run=%s"
            .formatted(edge.port(), thread, run);
    Process curl =
        new ProcessBuilder(
                "curl",
                "-sN",
                "--max-time",
                "60",
                "-H",
                "Authorization: Bearer " + system.token(),
                "-H",
                "Accept: text/event-stream",
                url)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    List<String> events = new ArrayList<>();
    try (BufferedReader out = curl.inputReader(StandardCharsets.UTF_8)) {
      String kind = "message";
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        if (line.startsWith("event: ")) {
          kind = line.substring("event: ".length());
        } else if (line.startsWith("data: ") && kind.equals("message")) {
          events.add(line.substring("data: ".length()));
        } else if (line.isEmpty()) {
          kind = "message";
        }
      }
    }
    assertThat(curl.waitFor()).as("curl's exit code").isZero();
    return events;
  }

  private static List<String> overSdk(String thread, String run) throws Exception {
    Map<String, String> environment =
        Map.of(
            "EDGES",
            Runwired.socket(edge.port()).toString(),
            "TOKEN",
            system.token(),
            "THREAD",
            thread,
            "RUN",
            run);
    List<String> events = new ArrayList<>();
    try (NodeScript sdk = NodeScript.start("follow.js", environment)) {
      for (JsonNode item = sdk.next(); item != null; item = sdk.next()) {
        events.add(item.path("raw").asText());
      }
      assertThat(sdk.exitCode()).isZero();
    }
    return events;
  }

  /** {@code runwire replay --output ndjson}. */
  private static List<String> replayed(String thread, String run) throws Exception {
    return Replayed.events(system, edge, thread, Map.of("run", run));
  }

  private static List<Path> trajectories(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".traj")).sorted().toList();
    }
  }
}
