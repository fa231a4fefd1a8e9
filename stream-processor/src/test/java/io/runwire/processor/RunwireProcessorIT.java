package io.runwire.processor;

import static io.runwire.processor.AgentEvent.content;
import static io.runwire.processor.AgentEvent.failed;
import static io.runwire.processor.AgentEvent.finished;
import static io.runwire.processor.AgentEvent.started;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.event.Envelope;
import io.runwire.event.Envelope.Read;
import io.runwire.event.EnvelopeReader;
import io.runwire.event.EventHeaders;
import io.runwire.event.EventType;
import io.runwire.fold.Fold;
import io.runwire.fold.Verdict;
import io.runwire.processor.topics.TopicSetup;
import io.runwire.topic.ThreadPartitioner;
import io.runwire.topic.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Router and ledger over a real broker. */
class RunwireProcessorIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  static Path state;

  @SuppressWarnings("NullAway.Init")
  private static TestCluster cluster;

  @SuppressWarnings("NullAway.Init")
  private static RunwireProcessor processor;

  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void start() throws Exception {
    cluster = new TestCluster();
    TopicSetup.ensure(cluster.admin, TestCluster.PARTITIONS, (short) 1);
    startProcessor();
  }

  @AfterAll
  static void stop() {
    processor.close();
    cluster.close();
  }

  @Test
  void routesTheNeighboursOfPoisonUntouched() throws Exception {
    ProducerRecord<byte[], byte[]> poison =
        new ProducerRecord<>("agent-events", "poisoned".getBytes(UTF_8), new byte[] {0, 1, 2});
    poison.headers().add("run", new byte[] {(byte) 0xff});
    cluster.send(
        List.of(
            started("poisoned", "r-poisoned", 1).to("agent-events"),
            poison,
            finished("poisoned", "r-poisoned", 1, 2).to("agent-events")));

    await().atMost(SOON).untilAsserted(() -> assertThat(values("poisoned")).hasSize(2));
    assertThat(values("poisoned"))
        .containsExactly(
            started("poisoned", "r-poisoned", 1).value(),
            finished("poisoned", "r-poisoned", 1, 2).value());
    await()
        .atMost(SOON)
        .until(
            () ->
                cluster.read(Topic.REJECTED_EVENTS).stream()
                    .filter(r -> Arrays.equals(r.value(), new byte[] {0, 1, 2}))
                    .map(r -> text(r, "reason"))
                    .anyMatch("MALFORMED_HEADER"::equals));
  }

  @Test
  void movesARecordToThePartitionOfItsThread() throws Exception {
    AgentEvent event = started("moved", "r-moved", 1);
    int home = ThreadPartitioner.partition("moved", TestCluster.PARTITIONS);
    cluster.send(
        List.of(
            new ProducerRecord<>(
                "agent-events", 1 - home, event.key(), event.value(), event.headers())));

    await().atMost(SOON).until(() -> values("moved").size() == 1);
    ConsumerRecord<byte[], byte[]> routed =
        cluster.read(Topic.THREAD_EVENTS).stream()
            .filter(r -> Arrays.equals(r.key(), event.key()))
            .findFirst()
            .orElseThrow();
    assertThat(routed.partition()).isEqualTo(home);
    assertThat(text(routed, "origin")).isEqualTo("rekey");
    assertThat(text(routed, "src")).contains(":" + home + ":");
  }

  /** A question must never stand in a write's way: with interactive queries v2 it did, for ever. */
  @Test
  void goesOnRoutingWhileTheLedgerIsAskedWithoutPause() throws Exception {
    int runs = 1_000;
    AtomicBoolean enough = new AtomicBoolean();
    List<CompletableFuture<Void>> askers =
        Stream.generate(() -> CompletableFuture.runAsync(() -> askUntil(enough))).limit(4).toList();
    try {
      for (int run = 0; run < runs; run++) {
        cluster.send(
            started("asked", "r-asked-" + run, 1), finished("asked", "r-asked-" + run, 1, 2));
      }
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> get("/v1/runs/r-asked-" + (runs - 1)).path("status").asText(""),
              "FINISHED"::equals);
    } finally {
      enough.set(true);
    }
    for (CompletableFuture<Void> asker : askers) {
      asker.get(10, TimeUnit.SECONDS);
    }
  }

  private void askUntil(AtomicBoolean enough) {
    HttpClient client = HttpClient.newHttpClient();
    URI thread = URI.create("http://127.0.0.1:" + processor.port() + "/v1/threads/asked/runs");
    HttpRequest question = HttpRequest.newBuilder(thread).timeout(SOON).build();
    while (!enough.get()) {
      try {
        client.send(question, HttpResponse.BodyHandlers.discarding());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @Test
  void goesOnWhereItWasWhenItIsStoppedAndStartedInMidRun() throws Exception {
    AgentEvent[] run =
        IntStream.rangeClosed(1, 40)
            .mapToObj(
                seq ->
                    seq == 1
                        ? started("stopped", "r-stopped", 1)
                        : seq == 40
                            ? finished("stopped", "r-stopped", 1, 40)
                            : content("stopped", "r-stopped", 1, seq))
            .toArray(AgentEvent[]::new);
    cluster.send(Arrays.copyOf(run, 15));
    await().atMost(SOON).until(() -> read("stopped").size() >= 5);
    processor.close();
    cluster.send(Arrays.copyOfRange(run, 15, 30));
    startProcessor();
    cluster.send(Arrays.copyOfRange(run, 30, 40));

    await().atMost(SOON).until(() -> read("stopped").size() == 40);
    assertThat(read("stopped"))
        .extracting(Envelope::seq)
        .isEqualTo(IntStream.rangeClosed(1, 40).mapToObj(i -> (long) i).toList());
  }

  @Test
  void tellsTheLedgerOverHttp() throws Exception {
    cluster.send(
        started("listed", "r-done", 1),
        failed("listed", "r-done", 1, 2),
        started("listed", "r-done", 2),
        finished("listed", "r-done", 2, 2),
        started("listed", "r-open", 1));

    await().atMost(SOON).until(() -> get("/v1/threads/listed/runs").path("runs").size() == 2);
    JsonNode thread = get("/v1/threads/listed/runs");
    JsonNode open = thread.path("runs").get(0);
    JsonNode done = thread.path("runs").get(1);
    assertThat(open.path("run").asText()).isEqualTo("r-open");
    assertThat(open.path("status").asText()).isEqualTo("RUNNING");
    assertThat(done.path("status").asText()).isEqualTo("FINISHED");
    assertThat(done.path("attempt").asInt()).isEqualTo(2);
    assertThat(done.path("events").asInt()).isEqualTo(2);
    assertThat(done.has("error")).isFalse();
    assertThat(thread.path("position").asLong()).isGreaterThan(open.path("firstOffset").asLong());
    assertThat(thread.path("sourceFloor").asLong())
        .isGreaterThanOrEqualTo(open.path("firstSourceOffset").asLong());

    assertThat(get("/v1/runs/r-done")).isEqualTo(done);
    assertThat(get("/v1/threads/listed/runs?status=RUNNING,RETRYING").path("runs"))
        .containsExactly(open);
    List<Long> startedAt = new ArrayList<>();
    get("/v1/runs?limit=500")
        .path("runs")
        .forEach(run -> startedAt.add(run.path("startedAt").asLong()));
    assertThat(startedAt)
        .hasSizeGreaterThanOrEqualTo(2)
        .isSortedAccordingTo((a, b) -> Long.compare(b, a));
    assertThat(get("/v1/runs?limit=1").path("runs")).hasSize(1);
    assertThat(get("/v1/threads/nobodys/runs").path("runs")).isEmpty();
  }

  @Test
  void findsRunsByAgentErrorAndTime() throws Exception {
    cluster.send(
        List.of(
            named("found.1", "r-planned-1", "The planner"),
            named("found.2", "r-planned-2", "The planner"),
            named("found.3", "r-other", "The planner's other")));
    cluster.send(new AgentEvent("found.1", "r-planned-1", 1, 2, EventType.RUN_ERROR, true));
    await().atMost(SOON).until(() -> runs("status=ERROR&agent=The%20planner").size() == 1);
    await().atMost(SOON).until(() -> runs("agent=The%20planner").size() == 2);

    assertThat(runs("agent=The%20planner&error=IT%20BRO")).containsExactly("r-planned-1");
    assertThat(runs("error=BROKEN&limit=500")).contains("r-planned-1").doesNotContain("r-other");
    assertThat(runs("agent=nobody")).isEmpty();
    JsonNode first = get("/v1/runs/r-planned-1");
    assertThat(first.path("agent").asText()).isEqualTo("The planner");
    Instant startedAt = Instant.ofEpochMilli(first.path("startedAt").asLong());
    assertThat(runs("agent=The%20planner&since=" + startedAt)).contains("r-planned-1");
    assertThat(runs("agent=The%20planner&until=" + startedAt)).contains("r-planned-1");
    assertThat(runs("agent=The%20planner&since=" + startedAt.plusMillis(1)))
        .doesNotContain("r-planned-1");
    assertThat(runs("agent=The%20planner&until=" + startedAt.minusMillis(1))).isEmpty();
    assertThat(get("/v1/threads/found.1/runs?agent=nobody").path("runs")).isEmpty();
  }

  private static ProducerRecord<byte[], byte[]> named(String thread, String run, String agent) {
    ProducerRecord<byte[], byte[]> record = started(thread, run, 1).to("agent-events");
    record.headers().add(EventHeaders.AGENT, agent.getBytes(UTF_8));
    return record;
  }

  private List<String> runs(String query) throws Exception {
    return get("/v1/runs?" + query).path("runs").findValuesAsText("run");
  }

  @Test
  void isReadyAndCounts() throws Exception {
    cluster.send(started("counted", "r-counted", 1), started("counted", "r-counted", 1));
    await()
        .atMost(SOON)
        .until(() -> metric("runwire_router_rejected_total{reason=\"DUPLICATE\"}") >= 1);
    assertThat(metric("runwire_router_accepted_total")).isGreaterThanOrEqualTo(1);
    assertThat(management("/metrics"))
        .contains("kafka_stream_")
        // What the alert rules rest on.
        .contains("process_start_time_seconds")
        .contains("kafka_consumer_fetch_manager_records_lag_max")
        .contains("runwire_watchdog_overdue_seconds")
        .contains("runwire_watchdog_ended_total{code=\"AGENT_LOST\"}");
    assertThat(management("/readyz")).isEqualTo("ok\n");
    assertThat(management("/livez")).isEqualTo("ok\n");
  }

  private static void startProcessor() throws Exception {
    processor =
        RunwireProcessor.start(
            cluster.processor("it", state),
            (why, cause) -> {
              throw new IllegalStateException(why, cause);
            });
    assertThat(processor.awaitRunning(Duration.ofSeconds(30))).isTrue();
  }

  private static List<byte[]> values(String thread) {
    return cluster.read(Topic.THREAD_EVENTS).stream()
        .filter(r -> Arrays.equals(r.key(), thread.getBytes(UTF_8)))
        .map(ConsumerRecord::value)
        .toList();
  }

  /** What a reader of the thread hands on. */
  private static List<Envelope> read(String thread) {
    Fold fold = new Fold(Fold.DEFAULT_CAPACITY, Fold.NO_FLOOR);
    return cluster.read(Topic.THREAD_EVENTS).stream()
        .map(r -> ((Read) EnvelopeReader.read(r.key(), new RecordHeaders(r.headers()))).envelope())
        .filter(e -> e.thread().equals(thread) && fold.apply(e) == Verdict.PASS)
        .toList();
  }

  private JsonNode get(String path) throws Exception {
    return JSON.readTree(body(processor.port(), path));
  }

  private String management(String path) throws Exception {
    return body(processor.managementPort(), path);
  }

  private double metric(String name) throws Exception {
    return management("/metrics")
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .sum();
  }

  private String body(int port, String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static String text(ConsumerRecord<byte[], byte[]> record, String header) {
    return new String(requireNonNull(record.headers().lastHeader(header), header).value(), UTF_8);
  }
}
