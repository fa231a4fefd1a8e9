package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.cursor.Cursor;
import io.runwire.edge.RunwireEdge;
import io.runwire.loadtest.drive.WireClient;
import io.runwire.loadtest.drive.WireFrame;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real socket whose window is closed: it is given up with evidence, and nothing is lost. */
class StalledReaderIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int EVENTS = 5_000; // well above what the kernel takes
  private static final int READ = 10;

  private static final long STARTED_AT_MS = System.currentTimeMillis();

  private static WrittenLog log;
  private static RunwireEdge elsewhere;

  @BeforeAll
  static void start() throws Exception {
    log = new WrittenLog();
    log.startEdge(
        Map.of(
            "write.deadline.ms", "2000",
            "write.retries", "2",
            "write.backoff.ms", "100",
            "write.min.bytes.per.second", "10000000",
            "ack.window.events", "100000",
            "ack.window.bytes", "100000000"));
    elsewhere = log.startEdge(Map.of());
  }

  @AfterAll
  static void stop() {
    log.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"silent", "talking"})
  void isGivenUpWithEvidenceAndGoesOnElsewhereWithoutLossOrDouble(String manner) throws Exception {
    String thread = "stalled." + manner;
    IntStream.rangeClosed(1, EVENTS).forEach(seq -> log.append(thread, "r", seq));
    log.flush();
    double givenUp = givenUp();
    double closed = closed();
    double retried = retried();

    String connection;
    List<WireFrame> read = new ArrayList<>();
    try (MuteSocket socket = log.mute(manner, "?thread=" + thread + "&from=earliest&ack=true")) {
      connection = socket.await(frame -> frame.is("welcome")).field("connection");
      while (read.size() < READ) {
        read.add(socket.await(frame -> frame.is("event")));
      }
      String ack = ack(thread, cursor(read, READ));
      socket.send(ack);

      // It reads no more. One that keeps talking is no better off.
      Awaitility.await()
          .atMost(PATIENCE)
          .until(
              () -> {
                if (manner.equals("talking")) {
                  talk(socket, ack);
                }
                return givenUp() > givenUp;
              });
    }

    assertThat(givenUp() - givenUp).isEqualTo(1);
    assertThat(closed() - closed).as("recorded as 4008").isEqualTo(1);
    assertThat(retried() - retried).as("waits behind the deadline").isEqualTo(2);
    assertThat(log.metric("runwire_edge_stalled", "")).isZero();
    assertEvidence(thread, connection, read);
    assertGoesOnElsewhere(thread, cursor(read, READ));
  }

  private static void assertEvidence(String thread, String connection, List<WireFrame> read)
      throws Exception {
    List<JsonNode> reports = new ArrayList<>();
    Awaitility.await()
        .atMost(PATIENCE)
        .until(
            () -> {
              reports.clear();
              for (String value : log.deliveries(thread)) {
                reports.add(JSON.readTree(value));
              }
              return !reports.isEmpty() && reports.get(reports.size() - 1).path("last").asBoolean();
            });
    long behindRead = Cursor.decode(cursor(read, READ)).orElseThrow().offset();
    List<JsonNode> acknowledged = new ArrayList<>();
    List<JsonNode> onlyWritten = new ArrayList<>();
    for (JsonNode report : reports) {
      assertThat(report.path("connection").asText()).isEqualTo(connection);
      assertThat(report.path("ack").asBoolean()).isTrue();
      report
          .path("events")
          .forEach(event -> (event.size() == 3 ? acknowledged : onlyWritten).add(event));
    }

    assertThat(acknowledged.stream().map(event -> event.get(0).asLong()))
        .as("what it acknowledged")
        .isEqualTo(LongStream.range(behindRead - READ, behindRead).boxed().toList());
    assertThat(acknowledged)
        .as("[offset, writtenAtMs, ackedAfterMs]")
        .allSatisfy(
            event -> {
              assertThat(event.get(1).asLong())
                  .isBetween(STARTED_AT_MS, System.currentTimeMillis());
              assertThat(event.get(2).asLong()).isBetween(0L, PATIENCE.toMillis());
            });
    JsonNode last = reports.get(reports.size() - 1);
    assertThat(onlyWritten.stream().map(event -> event.get(0).asLong()))
        .as("what the kernel took besides, and nobody acknowledged")
        .isEqualTo(LongStream.range(behindRead, last.path("writtenUpTo").asLong()).boxed().toList())
        .isNotEmpty();
    JsonNode failure = last.path("failure");
    assertThat(failure.path("cause").asText()).isEqualTo("WRITE");
    assertThat(failure.path("code").asInt()).isEqualTo(4008);
    assertThat(failure.path("retries").asInt()).isEqualTo(2);
    assertThat(failure.path("from").asLong()).isEqualTo(behindRead);
    assertThat(last.path("acknowledgedUpTo").asLong()).isEqualTo(behindRead);
  }

  private static void assertGoesOnElsewhere(String thread, String cursor) throws Exception {
    try (WireClient client = log.connect(elsewhere, "resumed")) {
      client.subscribe(1, thread, "\"after\":\"" + cursor + "\",\"runs\":{\"r\":[1," + READ + "]}");
      List<Integer> seqs = new ArrayList<>();
      WireFrame frame = client.await("subscribed", f -> f.is("subscribed"), PATIENCE);
      assertThat(frame.json().path("recovered").asBoolean()).isTrue();
      while (!frame.is("live")) {
        frame = client.await("event or live", f -> true, PATIENCE);
        if (frame.is("event")) {
          seqs.add(frame.json().path("seq").asInt());
        }
      }
      assertThat(seqs).isEqualTo(IntStream.rangeClosed(READ + 1, EVENTS).boxed().toList());
    }
  }

  private static void talk(MuteSocket socket, String ack) {
    try {
      socket.send(ack);
      socket.send("{\"op\":\"ping\"}");
    } catch (IOException cutOff) {
      // It was given up between two looks.
    }
  }

  private static String ack(String thread, String cursor) {
    return "{\"op\":\"ack\",\"thread\":\"" + thread + "\",\"cursor\":\"" + cursor + "\"}";
  }

  private static String cursor(List<WireFrame> read, int seq) {
    return read.get(seq - 1).field("cursor");
  }

  private static double givenUp() throws Exception {
    return log.metric("runwire_edge_given_up_total", "WRITE");
  }

  private static double closed() throws Exception {
    return log.metric("runwire_edge_closes_total", "TOO_SLOW");
  }

  private static double retried() throws Exception {
    return log.metric("runwire_edge_retries_total", "WRITE");
  }
}
