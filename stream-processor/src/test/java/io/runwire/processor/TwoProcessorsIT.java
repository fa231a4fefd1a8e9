package io.runwire.processor;

import static io.runwire.processor.AgentEvent.finished;
import static io.runwire.processor.AgentEvent.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.processor.topics.TopicSetup;
import io.runwire.topic.ThreadPartitioner;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processors share the work over a real broker; either answers for both. */
class TwoProcessorsIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  static Path state;

  @SuppressWarnings("NullAway.Init")
  private static TestCluster cluster;

  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeAll
  static void open() {
    cluster = new TestCluster();
    TopicSetup.ensure(cluster.admin, TestCluster.PARTITIONS, (short) 1);
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  @Test
  void eitherAnswersForBothAndTheOneThatStaysForAll() throws Exception {
    String here = threadOf(0);
    String there = threadOf(1);
    cluster.send(
        started(here, "r0", 1),
        started(there, "r1", 1),
        finished(there, "r1", 1, 2),
        started(there, "r2", 1));
    try (RunwireProcessor first = start("first");
        RunwireProcessor second = start("second")) {
      await()
          .atMost(SOON)
          .untilAsserted(
              () -> {
                assertThat(ownsAll(first)).isFalse();
                assertThat(ownsAll(second)).isFalse();
                for (RunwireProcessor one : List.of(first, second)) {
                  assertThat(runs(get(one, 200, "/v1/runs"))).containsExactly("r0", "r1", "r2");
                  assertThat(get(one, 200, "/v1/runs").has("partial")).isFalse();
                }
              });
      for (RunwireProcessor one : List.of(first, second)) {
        assertThat(get(one, 200, "/v1/runs/r0").path("thread").asText()).isEqualTo(here);
        assertThat(get(one, 200, "/v1/runs/r1").path("status").asText()).isEqualTo("FINISHED");
        assertThat(get(one, 404, "/v1/runs/nobodys").path("code").asText()).isEqualTo("NOT_FOUND");
        assertThat(runs(get(one, 200, "/v1/runs?status=RUNNING"))).containsExactly("r0", "r2");
        assertThat(runs(get(one, 200, "/v1/threads/" + there + "/runs")))
            .containsExactly("r1", "r2");
        assertThat(get(one, 200, "/v1/threads/" + there + "/runs").path("position").asLong())
            .isEqualTo(3);
      }

      second.close();
      await().atMost(SOON).until(() -> wholeOrUnavailable(first));
      assertThat(runs(get(first, 200, "/v1/threads/" + there + "/runs")))
          .containsExactly("r1", "r2");
    }
  }

  /** While partitions move, an answer is whole, or says that it is not; true if it is whole. */
  private boolean wholeOrUnavailable(RunwireProcessor one) throws Exception {
    HttpResponse<String> run = ask(one, "/v1/runs/r1", "");
    HttpResponse<String> all = ask(one, "/v1/runs", "");
    assertThat(run.statusCode()).isIn(200, 503);
    assertThat(all.statusCode()).isIn(200, 503);
    JsonNode list = JSON.readTree(all.body());
    if (all.statusCode() == 200 && !list.path("partial").asBoolean()) {
      assertThat(runs(list)).containsExactly("r0", "r1", "r2");
    }
    return run.statusCode() == 200 && all.statusCode() == 200 && !list.has("partial");
  }

  private boolean ownsAll(RunwireProcessor one) throws Exception {
    return ask(one, "/v1/runs", "0,1").statusCode() == 200;
  }

  private JsonNode get(RunwireProcessor from, int status, String path) throws Exception {
    HttpResponse<String> response = ask(from, path, "");
    assertThat(response.statusCode()).as("%s: %s", path, response.body()).isEqualTo(status);
    return JSON.readTree(response.body());
  }

  private HttpResponse<String> ask(RunwireProcessor from, String path, String partitions)
      throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + from.port() + path));
    if (!partitions.isEmpty()) {
      request.header("Runwire-Partitions", partitions);
    }
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static TreeSet<String> runs(JsonNode answer) {
    TreeSet<String> runs = new TreeSet<>();
    answer.path("runs").forEach(run -> runs.add(run.path("run").asText()));
    return runs;
  }

  private static RunwireProcessor start(String name) {
    return RunwireProcessor.start(
        cluster.processor("two", state.resolve(name)),
        (why, cause) -> {
          throw new IllegalStateException(why, cause);
        });
  }

  private static String threadOf(int partition) {
    return Stream.iterate(0, i -> i + 1)
        .map(i -> "two." + i)
        .filter(thread -> ThreadPartitioner.partition(thread, TestCluster.PARTITIONS) == partition)
        .findFirst()
        .orElseThrow();
  }
}
