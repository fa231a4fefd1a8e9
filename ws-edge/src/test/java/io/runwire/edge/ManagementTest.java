package io.runwire.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runwire.edge.ops.ManagementServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What operators see. */
class ManagementTest {
  private final AtomicBoolean live = new AtomicBoolean(true);
  private final AtomicBoolean ready = new AtomicBoolean(true);
  private TestEdge edge;
  private ManagementServer management;

  @BeforeEach
  void start() throws Exception {
    edge = TestEdge.start();
    management =
        new ManagementServer("127.0.0.1", 0, Optional.empty(), edge.metrics, live::get, ready::get);
    management.start();
  }

  @AfterEach
  void stop() throws Exception {
    management.close();
    edge.close();
  }

  @Test
  void liveAndReadyAreToldApart() throws Exception {
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(200);

    ready.set(false);
    assertThat(get("/livez").statusCode()).isEqualTo(200);
    assertThat(get("/readyz").statusCode()).isEqualTo(503);

    live.set(false);
    assertThat(get("/livez").statusCode()).isEqualTo(503);
  }

  @Test
  void theFiguresHaveTheirNames() throws Exception {
    try (SocketClient client = SocketClient.authenticated(edge, edge.mint.all())) {
      client.subscribe(1, "a-thread", "").expect("subscribed");
      client.expect("live");
      edge.log.run("a-thread", "a-run").start().text(2);
      client.expect("event");
      client.expect("event");
      client.expect("event");
      edge.log.truncate(edge.log.partitionOf("a-thread"), 1);
      client.expect("gap");

      await()
          .untilAsserted(
              () ->
                  assertThat(get("/metrics").body())
                      .contains("runwire_edge_events_delivered_total 3.0")
                      .contains("runwire_edge_delivery_latency_seconds_count 3")
                      .contains("runwire_edge_fold_total{verdict=\"PASS\"} 3.0")
                      .contains("runwire_edge_gaps_total{reason=\"TRUNCATED\"} 1.0")
                      .contains("runwire_edge_closes_total{code=\"TOKEN_EXPIRED\"} 0.0")
                      .contains("runwire_edge_unavailable_total{code=\"LOG_UNAVAILABLE\"} 0.0")
                      .containsPattern("runwire_edge_bytes_delivered_total [1-9]")
                      .contains("jvm_memory_used_bytes")
                      .contains("process_files_open_files"));
      assertThat(get("/metrics").body()).doesNotContain("a-thread", "a-run", "u1");
    }
  }

  @Test
  void thereIsNothingElse() throws Exception {
    assertThat(get("/").statusCode()).isEqualTo(404);
    assertThat(get("/v1/runs").statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + management.port() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).GET().build(), BodyHandlers.ofString());
  }
}
