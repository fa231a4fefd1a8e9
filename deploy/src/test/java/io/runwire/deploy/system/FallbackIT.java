package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.runwire.edge.RunwireEdge;
import io.runwire.producer.AgentRun;
import io.runwire.producer.RunOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A proxy stands between the SDK and the edge that refuses WebSockets for a while. */
class FallbackIT {
  /** Items by server-sent events before the proxy lets WebSockets through. */
  private static final int ITEMS_OVER_HTTP = 60;

  /** Items over the WebSocket before the agent ends its run. */
  private static final int ITEMS_AFTER = 40;

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
  void theSdkGoesOverPlainHttpAndReturnsWithEachEventOnceToTheByte() throws Exception {
    RunwireEdge edge = system.startEdge();
    AtomicBoolean enough = new AtomicBoolean();
    RunOptions options = RunOptions.onThread("fallback." + System.nanoTime());
    try (AgentRun run = system.producer().startRun(options);
        NodeScript sdk = follow(edge, run)) {
      CompletableFuture<Void> agent =
          CompletableFuture.runAsync(() -> FailoverIT.write(run, enough));
      List<String> transports = new ArrayList<>();
      List<JsonNode> items = new ArrayList<>();
      int sinceTheLastChange = 0;
      for (JsonNode line = sdk.next(); line != null; line = sdk.next()) {
        if (line.path("op").asText().equals("connected")) {
          transports.add(line.path("transport").asText());
          sinceTheLastChange = 0;
        } else {
          items.add(line);
          sinceTheLastChange++;
        }
        if (transports.size() == 2 && sinceTheLastChange == ITEMS_AFTER) {
          enough.set(true);
        }
      }
      agent.get(60, TimeUnit.SECONDS);

      assertThat(sdk.exitCode()).isZero();
      assertThat(transports).containsExactly("sse", "websocket");
      List<String> written = AgentLog.values(system.bootstrapServers(), run.thread(), run.id());
      assertThat(items.stream().map(item -> item.path("raw").asText())).isEqualTo(written);
    }
  }

  private static NodeScript follow(RunwireEdge edge, AgentRun run) throws Exception {
    return NodeScript.start(
        "follow.js",
        Map.of(
            "EDGES",
            Runwired.socket(edge.port()).toString(),
            "TOKEN",
            system.token(),
            "THREAD",
            run.thread(),
            "RUN",
            run.id(),
            "HTTP_ONLY",
            Integer.toString(ITEMS_OVER_HTTP),
            "DEADLINE_MS",
            "120000"));
  }
}
