package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.runwire.producer.AgentRun;
import io.runwire.producer.RunOptions;
import io.runwire.producer.TextMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Parts die while a run goes on; the SDK, given both edges, sees all of it once and in order. */
class FailoverIT {
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
  void theSdkGoesOnAtTheOtherEdgeWhenEitherIsKilled() throws Exception {
    EdgeProcess first = system.forkEdge();
    EdgeProcess second = system.forkEdge();
    List<Disturbance> disturbances =
        List.of(
            new Disturbance(40, first::kill),
            new Disturbance(
                120,
                () -> {
                  // The first comes back under its old address before the second dies.
                  first.restart();
                  second.kill();
                }));
    assertEverythingArrivesOnce(List.of(first, second), disturbances);
  }

  @Test
  void nothingIsLostOrDoubledWhenTheRouterIsStoppedAndStartedInMidRun() throws Exception {
    EdgeProcess edge = system.forkEdge();
    List<Disturbance> disturbances =
        List.of(
            new Disturbance(
                40,
                () -> {
                  system.stopRouter();
                  system.startRouter();
                }));
    assertEverythingArrivesOnce(List.of(edge), disturbances);
  }

  private static void assertEverythingArrivesOnce(
      List<EdgeProcess> edges, List<Disturbance> disturbances) throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    RunOptions options = RunOptions.onThread("failover." + System.nanoTime());
    try (AgentRun run = system.producer().startRun(options);
        NodeScript sdk = follow(edges, run)) {
      CompletableFuture<Void> agent = CompletableFuture.runAsync(() -> write(run, enough));
      List<JsonNode> items = new ArrayList<>();
      List<Disturbance> left = new ArrayList<>(disturbances);
      int quietAfter = disturbances.get(disturbances.size() - 1).afterEvents() + 40;
      for (JsonNode item = sdk.next(); item != null; item = sdk.next()) {
        items.add(item);
        if (!left.isEmpty() && items.size() == left.get(0).afterEvents()) {
          left.remove(0).happens().run();
        }
        if (items.size() == quietAfter) {
          enough.set(true);
        }
      }
      agent.get(60, TimeUnit.SECONDS);
      assertThat(sdk.exitCode()).isZero();
      assertThat(left).as("disturbances that did not happen").isEmpty();
      assertThat(items).as("gaps").allMatch(item -> item.path("op").asText().equals("event"));
      List<String> written = AgentLog.values(system.bootstrapServers(), run.thread(), run.id());
      assertThat(items.stream().map(item -> item.path("raw").asText())).isEqualTo(written);
      assertThat(items.stream().map(item -> item.path("seq").asLong()))
          .isEqualTo(LongStream.rangeClosed(1, written.size()).boxed().toList());
    }
  }

  private static NodeScript follow(List<EdgeProcess> edges, AgentRun run) throws Exception {
    String urls = String.join(",", edges.stream().map(e -> e.socket().toString()).toList());
    return NodeScript.start(
        "follow.js",
        Map.of(
            "EDGES",
            urls,
            "TOKEN",
            system.token(),
            "THREAD",
            run.thread(),
            "RUN",
            run.id(),
            "FROM",
            "earliest",
            "DEADLINE_MS",
            "120000"));
  }

  /** Writes a token every few milliseconds until told that it is enough, as an agent would. */
  static void write(AgentRun run, AtomicBoolean enough) {
    try (TextMessage message = run.message()) {
      for (int i = 0; !enough.get(); i++) {
        message.delta("token " + i + " größer\r\n\t✓ ");
        TimeUnit.MILLISECONDS.sleep(10);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    run.complete();
  }

  private interface Happening {
    void run() throws Exception;
  }

  private record Disturbance(int afterEvents, Happening happens) {}
}
