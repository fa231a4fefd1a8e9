package io.runwire.processor;

import static io.runwire.processor.AgentEvent.content;
import static io.runwire.processor.AgentEvent.finished;
import static io.runwire.processor.AgentEvent.started;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.processor.topics.TopicSetup;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that is built anew from a changelog to which a frozen processor wrote last. */
class LedgerRestoreIT {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final String CHANGELOG = "restored-ledger-ledger-changelog";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void doesNotOpenAnEndedRunAgain() throws Exception {
    try (TestCluster cluster = new TestCluster()) {
      TopicSetup.ensure(cluster.admin, TestCluster.PARTITIONS, (short) 1);
      List<ConsumerRecord<byte[], byte[]>> beforeTheEnd;
      try (RunwireProcessor processor = start(cluster, "first")) {
        cluster.send(started("t", "r", 1), content("t", "r", 1, 2));
        await()
            .atMost(SOON)
            .until(() -> changelog(cluster).stream().anyMatch(LedgerRestoreIT::isRow));
        beforeTheEnd = changelog(cluster);
        cluster.send(finished("t", "r", 1, 3));
        await().atMost(SOON).until(() -> status(processor).equals("FINISHED"));
      }
      int home =
          beforeTheEnd.stream()
              .filter(LedgerRestoreIT::isRow)
              .findFirst()
              .orElseThrow()
              .partition();
      assertThat(changelog(cluster).stream().filter(LedgerRestoreIT::isRow).count())
          .isGreaterThan(beforeTheEnd.stream().filter(LedgerRestoreIT::isRow).count());

      cluster.send(
          beforeTheEnd.stream()
              .filter(record -> record.partition() == home)
              .map(LedgerRestoreIT::again)
              .toList());

      try (RunwireProcessor processor = start(cluster, "second")) {
        assertThat(status(processor)).isEqualTo("FINISHED");
        assertThat(get(processor, "/v1/runs?status=RUNNING").path("runs")).isEmpty();
        assertThat(get(processor, "/v1/runs?status=FINISHED").path("runs")).hasSize(1);
      }
    }
  }

  private RunwireProcessor start(TestCluster cluster, String state) throws Exception {
    RunwireProcessor processor =
        RunwireProcessor.start(cluster.processor("restored", folder.resolve(state)));
    assertThat(processor.awaitRunning(Duration.ofSeconds(30))).isTrue();
    return processor;
  }

  private static List<ConsumerRecord<byte[], byte[]>> changelog(TestCluster cluster) {
    return cluster.read(CHANGELOG, TestCluster.PARTITIONS);
  }

  private static boolean isRow(ConsumerRecord<byte[], byte[]> record) {
    return new String(record.key(), UTF_8).equals("run/r");
  }

  private static ProducerRecord<byte[], byte[]> again(ConsumerRecord<byte[], byte[]> record) {
    return new ProducerRecord<>(
        record.topic(), record.partition(), record.key(), record.value(), record.headers());
  }

  private String status(RunwireProcessor processor) throws Exception {
    return get(processor, "/v1/runs/r").path("status").asText("");
  }

  private JsonNode get(RunwireProcessor processor, String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + processor.port() + path);
    return JSON.readTree(
        http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
            .body());
  }
}
