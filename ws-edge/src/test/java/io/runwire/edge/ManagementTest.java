package io.runwire.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runwire.edge.ops.Drain;
import io.runwire.edge.ops.DrainHandler;
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
        new ManagementServer(
            "127.0.0.1",
            0,
            Optional.empty(),
            edge.metrics,
            live::get,
            ready::get,
            new DrainHandler(edge.drain, edge.bounds.places()));
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
  void drainingIsBegunByAPostAndToldByAGet() throws Exception {
    assertThat(get("/admin/drain").body()).isEqualTo("{\"state\":\"SERVING\",\"connections\":0}\n");

    assertThat(post("/admin/drain", "Origin", "http://evil.example.com").statusCode())
        .isEqualTo(403);
    assertThat(edge.drain.ready()).isTrue();
    assertThat(post("/admin/drain").statusCode()).isEqualTo(202);

    assertThat(edge.drain.state()).isEqualTo(Drain.State.UNREADY);
    assertThat(get("/admin/drain").body()).contains("UNREADY");
  }

  @Test
  void thereIsNothingElse() throws Exception {
    assertThat(get("/").statusCode()).isEqualTo(404);
    assertThat(get("/v1/runs").statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> post(String path, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management.port() + path))
            .POST(HttpRequest.BodyPublishers.noBody());
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws Exception {
    URI uri = URI.create("http://127.0.0.1:" + management.port() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).GET().build(), BodyHandlers.ofString());
  }
}
