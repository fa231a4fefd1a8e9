package io.runwire.deploy.system;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runwire.audit.BundleLine;
import io.runwire.deploy.audit.LedgerRuns.Place;
import io.runwire.deploy.cli.RunwireCommand;
import io.runwire.edge.RunwireEdge;
import io.runwire.loadtest.drive.WireClient;
import io.runwire.loadtest.drive.WireFrame;
import io.runwire.producer.AgentRun;
import io.runwire.producer.RunOptions;
import io.runwire.producer.TextMessage;
import io.runwire.topic.ThreadPartitioner;
import io.runwire.topic.Topic;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A thread is written encrypted, read, proven, erased, and proven again, over real processes'
 * parts.
 */
class ErasureIT {
  private static final Duration SOON = Duration.ofSeconds(60);

  /** The cleaner looks every 15 s. */
  private static final Duration COMPACTED = Duration.ofMinutes(3);

  @TempDir private static Path folder;
  private static Runwired system;
  private static Auditor auditor;
  private static RunwireEdge edge;

  @BeforeAll
  static void start() throws Exception {
    Path key = folder.resolve("payload.key");
    assertThat(command("payload-key", "--out", key.toString())).contains("payload.key");
    system = new Runwired(Optional.of(key));
    cleanKeysSoon();
    system.stopRouter();
    system.startRouter(); // which asks how soon at its start
    auditor = new Auditor(system, Files.createDirectories(folder.resolve("notary")));
    edge = system.startEdge();
  }

  @AfterAll
  static void stop() throws Exception {
    auditor.close();
    system.close();
  }

  @Test
  void whatWasErasedIsGoneAndStaysProven() throws Exception {
    String thread = "erased.thread";
    List<String> live;
    List<BundleLine> bundle;
    try (WireClient reader = follow(thread)) {
      write(thread, "first", "the secret of the first run");
      live = untilFinal(reader);

      // What the reader gets is what the agent wrote; what lies in the log is not.
      assertThat(live).isEqualTo(AgentLog.values(system.bootstrapServers(), thread, "first"));
      assertThat(String.join("", live)).contains("the secret of the first run");
      assertThat(stored(thread)).hasSize(live.size()).noneMatch(text -> text.contains("secret"));
      assertThat(replayed(edge, thread)).isEqualTo(live);
      Place place = auditor.ended("first");
      bundle = auditor.export(place);
      assertThat(Auditor.judge(bundle).proven()).isTrue();
      Set<String> keys = keysOf(thread);
      assertThat(keys).hasSize(1);

      assertThat(command("erase", thread, "--bootstrap", system.bootstrapServers(), "--yes"))
          .contains("thread erased.thread is erased: 1 of its keys destroyed")
          .contains("Not covered:");

      // The edge that had it in memory shows it no more; the run still starts and ends.
      await().atMost(SOON).until(() -> isErased(replayed(edge, thread), "first", live.size()));
      try (RunwireEdge another = system.startEdge()) {
        assertThat(isErased(replayed(another, thread), "first", live.size())).isTrue();
      }

      // Whoever was following goes on, without a gap; what is new has a key of its own.
      write(thread, "second", "the secret of the second run");
      assertThat(untilFinal(reader))
          .isEqualTo(AgentLog.values(system.bootstrapServers(), thread, "second"));
      assertThat(keysOf(thread)).doesNotContainAnyElementsOf(keys).hasSize(1);

      // The same bundle is still proven, and so is one that is exported now.
      assertThat(Auditor.judge(bundle).proven()).isTrue();
      List<BundleLine> fresh = auditor.export(place);
      assertThat(Auditor.judge(fresh).proven()).isTrue();
      assertThat(entries(fresh)).isEqualTo(entries(bundle)).hasSize(live.size());
      assertThat(metric(edge, "runwire_edge_sealed_total{outcome=\"erased\"}")).isPositive();

      // And the key leaves the disk, though nothing is written to its partition any more.
      await().atMost(COMPACTED).until(() -> neverHeld(thread, keys));
    }
    assertThat(command("erase", "nobody", "--bootstrap", system.bootstrapServers(), "--yes"))
        .contains("thread nobody has no key");
  }

  @Test
  void theLedgerKnowsTheCodeOfAnErrorAndNotItsText() throws Exception {
    try (AgentRun run =
        system.producer().startRun(RunOptions.onThread("erased.failed").withRun("failed"))) {
      run.fail("SEARCH_DOWN", "the secret of a failure");
    }
    auditor.ended("failed");
    HttpRequest request =
        HttpRequest.newBuilder(system.ledger().resolve("/v1/runs/failed")).build();
    String row = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();

    assertThat(row).contains("SEARCH_DOWN").doesNotContain("secret");
    assertThat(String.join("", replayed(edge, "erased.failed")))
        .contains("the secret of a failure");
  }

  private static void write(String thread, String run, String text) {
    try (AgentRun agent = system.producer().startRun(RunOptions.onThread(thread).withRun(run))) {
      try (TextMessage message = agent.message()) {
        for (int i = 0; i < 20; i++) {
          message.delta(text + " " + i);
        }
      }
      agent.complete();
    }
  }

  private static WireClient follow(String thread) throws Exception {
    WireClient client = WireClient.connect(Runwired.socket(edge.port()), system.token());
    client.subscribe(1, thread, "\"from\":\"latest\"");
    for (WireFrame frame = next(client); !frame.is("subscribed"); frame = next(client)) {
      assertThat(frame.op()).isNotEqualTo("error");
    }
    return client;
  }

  /** The events of the next run, to its end; nothing may be missing. */
  private static List<String> untilFinal(WireClient client) throws Exception {
    List<String> events = new ArrayList<>();
    while (true) {
      WireFrame frame = next(client);
      assertThat(frame.op()).isNotIn("gap", "error", "unsubscribed");
      if (frame.is("event")) {
        events.add(frame.eventText());
        if (frame.json().path("final").asBoolean()) {
          return events;
        }
      }
    }
  }

  private static WireFrame next(WireClient client) throws Exception {
    return requireNonNull(client.poll(SOON), "nothing came within " + SOON);
  }

  private static List<String> replayed(RunwireEdge from, String thread) throws Exception {
    return Replayed.events(system, from, thread, Map.of());
  }

  private static boolean isErased(List<String> events, String run, int count) {
    String ids = ",\"threadId\":\"erased.thread\",\"runId\":\"" + run + "\"}";
    assertThat(events).hasSize(count);
    return events.get(0).equals("{\"type\":\"RUN_STARTED\"" + ids)
        && events.get(count - 1).equals("{\"type\":\"RUN_FINISHED\"" + ids)
        && events.subList(1, count - 1).stream()
            .allMatch(event -> event.contains("\"name\":\"runwire.erased\""));
  }

  private static List<String> entries(List<BundleLine> bundle) {
    return bundle.stream()
        .filter(line -> line instanceof BundleLine.Entry)
        .map(BundleLine::toJson)
        .toList();
  }

  /** The values of a thread as they lie in the log. */
  private static List<String> stored(String thread) {
    return records(Topic.THREAD_EVENTS, thread).stream()
        .filter(record -> new String(record.key(), StandardCharsets.UTF_8).equals(thread))
        .map(record -> new String(record.value(), StandardCharsets.ISO_8859_1))
        .toList();
  }

  /** The names of a thread's keys that were not destroyed. */
  private static Set<String> keysOf(String thread) {
    Map<String, Boolean> last =
        records(Topic.THREAD_KEYS, thread).stream()
            .collect(
                Collectors.toMap(
                    record -> new String(record.key(), StandardCharsets.UTF_8),
                    record -> record.value() != null,
                    (before, after) -> after));
    return last.entrySet().stream()
        .filter(key -> key.getValue() && key.getKey().matches(thread + "/.+"))
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** Whether no record of thread-keys holds one of these keys. */
  private static boolean neverHeld(String thread, Set<String> names) {
    return records(Topic.THREAD_KEYS, thread).stream()
        .filter(record -> names.contains(new String(record.key(), StandardCharsets.UTF_8)))
        .allMatch(record -> record.value() == null);
  }

  /** All that stands in a thread's partition, read without any of our code. */
  private static List<ConsumerRecord<byte[], byte[]>> records(Topic topic, String thread) {
    TopicPartition partition =
        new TopicPartition(
            topic.topicName(), ThreadPartitioner.partition(thread, Runwired.PARTITIONS));
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", system.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofSeconds(1)).forEach(records::add);
      }
    }
    return records;
  }

  private static void cleanKeysSoon() throws Exception {
    ConfigResource topic =
        new ConfigResource(ConfigResource.Type.TOPIC, Topic.THREAD_KEYS.topicName());
    Collection<AlterConfigOp> second =
        List.of(
            new AlterConfigOp(new ConfigEntry("segment.ms", "1000"), AlterConfigOp.OpType.SET),
            new AlterConfigOp(
                new ConfigEntry("max.compaction.lag.ms", "1000"), AlterConfigOp.OpType.SET));
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", system.bootstrapServers()))) {
      admin.incrementalAlterConfigs(Map.of(topic, second)).all().get();
    }
  }

  private static double metric(RunwireEdge of, String name) throws Exception {
    URI metrics = URI.create("http://127.0.0.1:" + of.managementPort() + "/metrics");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
        .body()
        .lines()
        .filter(line -> line.startsWith(name))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static String command(String... args) {
    StringWriter out = new StringWriter();
    PrintWriter writer = new PrintWriter(out, true);
    int exit = RunwireCommand.commandLine().setOut(writer).setErr(writer).execute(args);
    return out + "exit " + exit;
  }
}
