package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.runwire.deploy.audit.LedgerRuns;
import io.runwire.deploy.replay.ReplayDownload;
import io.runwire.deploy.replay.ReplayReader;
import io.runwire.deploy.replay.ReplayRecord;
import io.runwire.edge.RunwireEdge;
import io.runwire.event.EventHeaders;
import io.runwire.loadtest.process.TcpProxy;
import io.runwire.loadtest.process.Traffic;
import io.runwire.producer.AgentRun;
import io.runwire.producer.RunOptions;
import io.runwire.producer.TextMessage;
import io.runwire.topic.ThreadPartitioner;
import io.runwire.topic.Topic;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an auditor gets of a run the morning after, over a real broker, router, ledger and edge. */
class ReplayIT {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** {@code -Drunwire.replay.foreign=1000000} takes a million. */
  private static final int FOREIGN = Integer.getInteger("runwire.replay.foreign", 40_000);

  /** Records that one fetch may bring beyond a run's span: they are read, if not looked at. */
  private static final int FETCHED_ALONG = 2_000;

  private static final int SLOW_BYTES_PER_SECOND = 100_000;

  private static Runwired system;
  private static RunwireEdge edge;

  /** What came, and when the first of it. */
  private static final class Received implements ReplayReader {
    final List<String> events = new ArrayList<>();
    final Runnable eachHundredth;
    long firstNs;
    String end = "";

    Received(Runnable eachHundredth) {
      this.eachHundredth = eachHundredth;
    }

    @Override
    public void record(ReplayRecord record) {
      if (events.isEmpty()) {
        firstNs = System.nanoTime();
      }
      events.add(new String(record.eventBytes(), StandardCharsets.UTF_8));
      if (events.size() % 100 == 0) {
        eachHundredth.run();
      }
    }

    @Override
    public void gap(JsonNode gap) {
      throw new AssertionError("a gap in a whole log: " + gap);
    }

    @Override
    public void end(String cursor, long total) {
      end = cursor + " " + total;
    }
  }

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
  void ofARunAmongManyForeignRecordsOnlyItsSpanIsRead() throws Exception {
    String thread = "replay.span";
    String neighbour = neighbourOf(thread);
    write(thread, "warm", 100);
    foreign(neighbour, "before", FOREIGN / 2);
    write(thread, "wanted", 100);
    foreign(neighbour, "behind", FOREIGN - FOREIGN / 2);
    await()
        .atMost(PATIENCE)
        .until(() -> ended("wanted") && events(neighbour, "behind") == FOREIGN - FOREIGN / 2);
    replay(edge.port(), thread, Map.of("run", "warm"), new Received(() -> {}));

    double readBefore = recordsRead();
    Received received = new Received(() -> {});
    long askedNs = System.nanoTime();
    ReplayDownload download = replay(edge.port(), thread, Map.of("run", "wanted"), received);

    List<String> written = AgentLog.values(system.bootstrapServers(), thread, "wanted");
    double read = recordsRead() - readBefore;
    System.out.printf(
        "replay of a run of %d events between %,d foreign records: %,d looked at, %,.0f read from"
            + " Kafka, first line after %d ms%n",
        written.size(),
        FOREIGN,
        download.scanned(),
        read,
        TimeUnit.NANOSECONDS.toMillis(received.firstNs - askedNs));
    assertThat(received.events).isEqualTo(written);
    assertThat(download.scanned()).isEqualTo(written.size());
    assertThat(read).isLessThan(written.size() + FETCHED_ALONG);
  }

  @Test
  void aReplayThatIsCutAgainAndAgainComesToTheSameTotal() throws Exception {
    String thread = "replay.cut";
    write(thread, "long", 400);
    write(thread, "longer", 400);
    Received whole = new Received(() -> {});
    replay(edge.port(), thread, Map.of(), whole);

    try (TcpProxy network = slowNetwork()) {
      Received cut = new Received(network::reset);
      ReplayDownload download = replay(network.port(), thread, Map.of(), cut);

      assertThat(download.interruptions()).isPositive();
      assertThat(cut.events).isEqualTo(whole.events).hasSize(2 * 404);
      assertThat(cut.end).isEqualTo(whole.end);
      System.out.printf(
          "replay cut %d times: %d events, as without%n",
          download.interruptions(), cut.events.size());
    }
  }

  @Test
  void whatIsWrittenMeanwhileIsNotPartOfAReplayThatIsContinued() throws Exception {
    String thread = "replay.growing";
    write(thread, "first", 400);
    try (TcpProxy network = slowNetwork()) {
      boolean[] once = {false};
      Received received =
          new Received(
              () -> {
                if (!once[0]) {
                  once[0] = true;
                  write(thread, "second", 10);
                  network.reset();
                }
              });

      replay(network.port(), thread, Map.of(), received);

      assertThat(received.events)
          .isEqualTo(AgentLog.values(system.bootstrapServers(), thread, "first"));
    }
  }

  /** So slow that most of an answer is still under way when it is cut. */
  private static TcpProxy slowNetwork() throws Exception {
    TcpProxy network = TcpProxy.open(Runwired.freePort(), edge.port());
    network.set(Traffic.limited(SLOW_BYTES_PER_SECOND));
    return network;
  }

  private static ReplayDownload replay(
      int port, String thread, Map<String, String> query, Received received) throws Exception {
    ReplayDownload download =
        new ReplayDownload(
            URI.create("http://127.0.0.1:" + port),
            thread,
            query,
            system::token,
            pause -> TimeUnit.NANOSECONDS.sleep(pause.toNanos()));
    assertThat(download.read(received)).isTrue();
    return download;
  }

  private static void write(String thread, String run, int deltas) {
    try (AgentRun agent = system.producer().startRun(RunOptions.onThread(thread).withRun(run))) {
      try (TextMessage message = agent.message()) {
        for (int i = 0; i < deltas; i++) {
          message.delta("word " + i + " of " + run + " ");
        }
      }
      agent.complete();
    }
    await().atMost(PATIENCE).until(() -> ended(run));
  }

  /** Another thread's run that does not end, written as fast as Kafka takes it. */
  private static void foreign(String thread, String run, int records) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", system.bootstrapServers(), "acks", "all", "linger.ms", 5),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int seq = 1; seq <= records; seq++) {
        String type = seq == 1 ? "RUN_STARTED" : "CUSTOM";
        String value =
            seq == 1
                ? "{\"type\":\"RUN_STARTED\",\"threadId\":\"%s\",\"runId\":\"%s\"}"
                    .formatted(thread, run)
                : "{\"type\":\"CUSTOM\",\"name\":\"noise\",\"value\":" + seq + "}";
        ProducerRecord<byte[], byte[]> record =
            new ProducerRecord<>(Topic.AGENT_EVENTS.topicName(), bytes(thread), bytes(value));
        record.headers().add(EventHeaders.RUN, bytes(run));
        record.headers().add(EventHeaders.SEQ, bytes(Integer.toString(seq)));
        record.headers().add(EventHeaders.TYPE, bytes(type));
        var unused = producer.send(record);
      }
    }
  }

  private static boolean ended(String run) throws Exception {
    return new LedgerRuns(system.ledger())
        .run(run)
        .filter(place -> place.status().equals("FINISHED"))
        .isPresent();
  }

  /** How many records of a run's span the ledger has folded. */
  private static long events(String thread, String run) throws Exception {
    return new LedgerRuns(system.ledger())
        .run(run)
        .filter(place -> place.thread().equals(thread))
        .map(place -> place.lastOffset() - place.firstOffset() + 1)
        .orElse(0L);
  }

  private static String neighbourOf(String thread) {
    int partition = ThreadPartitioner.partition(thread, Runwired.PARTITIONS);
    for (int i = 0; ; i++) {
      String other = thread + ".neighbour" + i;
      if (ThreadPartitioner.partition(other, Runwired.PARTITIONS) == partition) {
        return other;
      }
    }
  }

  private static double recordsRead() throws Exception {
    URI metrics = URI.create("http://127.0.0.1:" + edge.managementPort() + "/metrics");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith("runwire_edge_history_records_total"))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
