package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runwire.loadtest.drive.WireClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An edge's process is told to stop. */
class DrainIT {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final Map<String, String> SHORT =
      Map.of(
          "drain.unready.wait.ms",
          "500",
          "drain.over.ms",
          "2000",
          "drain.grace.ms",
          Long.toString(GRACE.toMillis()));
  private static final Map<String, String> LONG =
      Map.of(
          "drain.unready.wait.ms", "60000", "drain.over.ms", "60000", "drain.grace.ms", "180000");

  private static Runwired system;

  @BeforeAll
  static void start() throws Exception {
    system = new Runwired();
  }

  @AfterAll
  static void stop() throws Exception {
    system.close();
  }

  @Test
  void atTheFirstSignalItSendsItsClientsAwayAndEndsInGoodOrder() throws Exception {
    EdgeProcess edge = system.forkEdge(SHORT);
    try (WireClient client = connected(edge)) {
      client.subscribe(1, "drain.t", "\"from\":\"earliest\"");
      client.await("live", frame -> frame.is("live"), PATIENCE);

      edge.signal("TERM");

      client.await("draining", frame -> frame.is("draining"), PATIENCE);
      assertThat(closeCode(client)).isEqualTo(1012);
      assertThat(edge.exitCode(GRACE)).isZero();
      assertThat(edge.said())
          .as("calm")
          .hasSizeLessThan(10)
          .noneMatch(line -> line.contains("WARN") || line.contains("ERROR"))
          .noneMatch(line -> line.contains("Exception") || line.startsWith("\tat "))
          .anyMatch(line -> line.endsWith("drained: nobody is left"));
    }
  }

  @ParameterizedTest
  @CsvSource({"TERM,143", "INT,130"})
  void atTheSecondItEndsAtOnce(String signal, int exitCode) throws Exception {
    EdgeProcess edge = system.forkEdge(LONG);
    try (WireClient client = connected(edge)) {
      edge.signal("TERM");
      await().atMost(PATIENCE).until(() -> progress(edge).contains("UNREADY"));

      edge.signal(signal);

      assertThat(edge.exitCode(PATIENCE)).isEqualTo(exitCode);
      assertThat(closeCode(client)).isEqualTo(1006);
    }
  }

  private static WireClient connected(EdgeProcess edge) throws Exception {
    WireClient client = WireClient.connect(edge.socket(), system.token());
    client.await("welcome", frame -> frame.is("welcome"), PATIENCE);
    return client;
  }

  private static int closeCode(WireClient client) throws Exception {
    return client.closed().get(PATIENCE.toSeconds(), TimeUnit.SECONDS).code();
  }

  private static String progress(EdgeProcess edge) throws IOException, InterruptedException {
    URI uri = edge.management("/admin/drain");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
