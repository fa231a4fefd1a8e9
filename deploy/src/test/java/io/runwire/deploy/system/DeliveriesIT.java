package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.edge.EdgeConfig;
import io.runwire.edge.RunwireEdge;
import io.runwire.loadtest.drive.WireClient;
import io.runwire.loadtest.drive.WireFrame;
import io.runwire.loadtest.process.Program;
import io.runwire.producer.AgentRun;
import io.runwire.producer.RunOptions;
import io.runwire.producer.TextMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an auditor is told of who was shown what, over a real broker, router and edge. */
class DeliveriesIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String THREAD = "deliveries.one";
  private static final String RUN = "shown";
  private static final int EVENTS = 34;
  private static final int READ_BY_MUTE = 5;

  @TempDir private static Path folder;
  private static Runwired system;
  private static RunwireEdge edge;
  private static String attentive = "";
  private static String mute = "";

  /** What a command printed. */
  private record Printed(int exitCode, List<String> out, List<String> err) {}

  @BeforeAll
  static void start() throws Exception {
    system = new Runwired();
    Map<String, String> settings = system.edgeSettings(0, 0);
    settings.put("write.deadline.ms", "1000");
    settings.put("write.retries", "3");
    settings.put("write.backoff.ms", "50");
    try (RunwireEdge before = RunwireEdge.start(EdgeConfig.of(settings), Optional.empty())) {
      readAndWrite(before);
    } // which writes the evidence that is still waiting
    edge = system.startEdge();
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
  }

  /** One client acknowledges everything, one stops after a few and is given up. */
  private static void readAndWrite(RunwireEdge before) throws Exception {
    try (WireClient first = follower(before);
        WireClient second = follower(before)) {
      attentive = first.await("welcome", f -> f.is("welcome"), PATIENCE).field("connection");
      mute = second.await("welcome", f -> f.is("welcome"), PATIENCE).field("connection");
      first.await("live", f -> f.is("live"), PATIENCE);
      second.await("live", f -> f.is("live"), PATIENCE);
      write();
      acknowledge(first, EVENTS);
      acknowledge(second, READ_BY_MUTE);
      int code = second.closed().get(PATIENCE.toSeconds(), TimeUnit.SECONDS).code();
      assertThat(code).isEqualTo(4008);
    }
  }

  @Test
  void eachEventIsToldWithWhoTookItAndWhoWasGivenUp() throws Exception {
    Printed printed = replay("--output", "ndjson", "--bootstrap", system.bootstrapServers());

    assertThat(printed.exitCode()).as("%s", printed.err()).isZero();
    List<JsonNode> lines = new ArrayList<>();
    for (String line : printed.out()) {
      lines.add(JSON.readTree(line));
    }
    assertThat(acknowledgedBy(lines, attentive))
        .isEqualTo(LongStream.rangeClosed(1, EVENTS).boxed().toList());
    assertThat(acknowledgedBy(lines, mute))
        .isEqualTo(LongStream.rangeClosed(1, READ_BY_MUTE).boxed().toList());
    List<JsonNode> givenUp =
        lines.stream().filter(line -> line.path("op").asText().equals("given-up")).toList();
    assertThat(givenUp).hasSize(1);
    assertThat(givenUp.get(0).path("connection").asText()).isEqualTo(mute);
    assertThat(givenUp.get(0).path("seq").asInt()).isEqualTo(READ_BY_MUTE + 1);
    assertThat(givenUp.get(0).path("cause").asText()).isEqualTo("ACK");
    assertThat(givenUp.get(0).path("retries").asInt()).isEqualTo(3);
    assertThat(lines.stream().filter(line -> line.has("event"))).hasSize(EVENTS);
    assertThat(printed.err())
        .anyMatch(line -> line.contains("of 34 events, 34 were acknowledged by a reader"));
  }

  @Test
  void aTranscriptSaysIt() throws Exception {
    Printed printed = replay("--bootstrap", system.bootstrapServers());

    printed.out().forEach(System.out::println);
    assertThat(printed.exitCode()).as("%s", printed.err()).isZero();
    String time = "\\d\\d:\\d\\d:\\d\\d\\.\\d{3}";
    String by = ": tester, connection ";
    assertThat(printed.out())
        .anyMatch(
            line ->
                line.matches(" +\\| shown " + time + ".*, acknowledged \\+.* ms" + by + attentive))
        .anyMatch(
            line ->
                line.matches(
                    " +\\| given up "
                        + time
                        + " after 3 retries, nothing acknowledged"
                        + by
                        + mute));
  }

  @Test
  void aKafkaThatIsAwayIsNamed() throws Exception {
    Printed printed = replay("--bootstrap", "127.0.0.1:" + Runwired.freePort());

    assertThat(printed.exitCode()).isEqualTo(1);
    assertThat(printed.err()).anyMatch(line -> line.contains("(--bootstrap) gives no answer"));
    assertThat(printed.out()).isEmpty();
  }

  private static WireClient follower(RunwireEdge before) throws Exception {
    WireClient client = WireClient.connect(Runwired.socket(before.port()), system.token());
    client.subscribe(1, THREAD, "\"ack\":true");
    return client;
  }

  private static void write() {
    try (AgentRun agent = system.producer().startRun(RunOptions.onThread(THREAD).withRun(RUN))) {
      try (TextMessage message = agent.message()) {
        for (int i = 0; i < EVENTS - 4; i++) {
          message.delta("word " + i + " ");
        }
      }
      agent.complete();
    }
  }

  private static void acknowledge(WireClient client, int upTo) throws Exception {
    WireFrame frame = client.await("event", f -> f.is("event"), PATIENCE);
    while (frame.json().path("seq").asInt() < upTo) {
      frame = client.await("event", f -> f.is("event"), PATIENCE);
    }
    client.send(
        "{\"op\":\"ack\",\"thread\":\""
            + THREAD
            + "\",\"cursor\":\""
            + frame.field("cursor")
            + "\"}");
  }

  private static List<Long> acknowledgedBy(List<JsonNode> lines, String connection) {
    return lines.stream()
        .filter(line -> line.path("op").asText().equals("delivery"))
        .filter(line -> line.path("connection").asText().equals(connection))
        .filter(line -> line.has("acknowledgedAfterMs"))
        .map(line -> line.path("seq").asLong())
        .toList();
  }

  private static Printed replay(String... further) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of("replay", "--run", RUN, "--with-deliveries", "--token", system.token()));
    command.addAll(List.of("--url", "http://127.0.0.1:" + edge.port()));
    command.addAll(List.of(further));
    Path out = Files.createTempFile(folder, "out", ".txt");
    Path err = Files.createTempFile(folder, "err", ".txt");
    Process process =
        new ProcessBuilder(
                Program.java("256m", List.of(), "io.runwire.deploy.cli.RunwireCommand", command))
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    return new Printed(process.waitFor(), Files.readAllLines(out), Files.readAllLines(err));
  }
}
