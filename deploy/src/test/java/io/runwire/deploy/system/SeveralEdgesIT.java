package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runwire.deploy.cli.DevelopmentLaunch;
import io.runwire.loadtest.process.Balancer;
import io.runwire.loadtest.process.Edge;
import io.runwire.loadtest.process.Layout;
import io.runwire.loadtest.process.RunwireSystem;
import io.runwire.producer.AgentRun;
import io.runwire.producer.RunOptions;
import io.runwire.producer.Runwire;
import io.runwire.producer.TextMessage;
import io.runwire.topic.ThreadPartitioner;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** Two edges behind HAProxy, which reads the configuration that operators are given. */
@TestMethodOrder(OrderAnnotation.class)
class SeveralEdgesIT {
  private static final Layout LAYOUT = new Layout(1, 1, 2, 8);
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final int FOLLOWERS = 3; // of each run, one in each partition
  private static final int PAUSE_MS = 10;
  private static final String OWNED = "runwire_edge_partitions_owned";

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  private static Path folder;

  private static RunwireSystem system;
  private static Balancer balancer;
  private static Runwire producer;
  private static ExecutorService threads;

  @BeforeAll
  static void start() throws Exception {
    system =
        RunwireSystem.start(
            LAYOUT,
            DevelopmentLaunch.of(Duration.ofMinutes(30)),
            folder.resolve("data"),
            folder.resolve("logs"),
            note -> {});
    if (system.balancer().isEmpty()) {
      System.out.println("SKIPPED: HAProxy is not installed, so no balancer shares edges out");
      Assumptions.abort("no HAProxy");
    }
    balancer = system.balancer().get();
    producer = Runwire.connect(system.kafka().bootstrapServers());
    threads = Executors.newCachedThreadPool();
  }

  @AfterAll
  static void stop() {
    if (producer != null) {
      producer.close();
      threads.shutdownNow();
    }
    system.close();
  }

  @Test
  @Order(1)
  void eachPartitionHasOneOwnerAndIsReadFromKafkaOnce() throws Exception {
    Runs runs = new Runs("steady");
    List<Double> owned = figures(OWNED);
    runs.enough.set(true);
    List<Follower> followers = runs.ended();
    List<Double> read = figures("runwire_edge_kafka_read_bytes_total");

    System.out.printf("two edges own %s partitions, and have read %s bytes%n", owned, read);
    assertThat(owned).allMatch(partitions -> partitions > 0);
    assertThat(sum(owned)).isEqualTo(LAYOUT.partitions());
    assertThat(followers).flatMap(Follower::closes).isEmpty();
    double written = followers.stream().mapToLong(Follower::bytes).sum() / (double) FOLLOWERS;
    assertThat(read).allMatch(bytes -> bytes > 0);
    assertThat(sum(read)).as("bytes read by both").isEqualTo(written);
  }

  @Test
  @Order(2)
  void whenOneIsDrainedItsClientsGoOnAtTheOther() throws Exception {
    Runs runs = new Runs("drained");
    await("those of before have gone")
        .atMost(PATIENCE)
        .until(() -> connections() == FOLLOWERS * LAYOUT.partitions());
    Edge drained = system.busiestEdge();
    Edge other = system.edges().stream().filter(e -> e != drained).findFirst().orElseThrow();
    int clients = drained.clients().connections();
    URI drain = drained.node().ready().resolve("/admin/drain");

    HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(drain).POST(HttpRequest.BodyPublishers.noBody()).build(),
            HttpResponse.BodyHandlers.discarding());
    await("the other has them all")
        .atMost(PATIENCE)
        .until(() -> other.clients().connections() == FOLLOWERS * LAYOUT.partitions());
    runs.enough.set(true);
    List<Follower> followers = runs.ended();

    List<Follower> moved = followers.stream().filter(f -> !f.closes().isEmpty()).toList();
    assertThat(moved).hasSize(clients).allMatch(f -> f.draining() == 1);
    assertThat(moved).flatMap(Follower::closes).containsOnly(1012).hasSize(clients);
    assertThat(figure(other, OWNED)).isEqualTo(LAYOUT.partitions());
    assertThat(Files.readString(balancer.log())).contains("edges/" + drained + " is DOWN");
  }

  /** Each edge's figure, in their order. */
  private static List<Double> figures(String name) throws Exception {
    List<Double> figures = new ArrayList<>();
    for (Edge edge : system.edges()) {
      figures.add(figure(edge, name));
    }
    return figures;
  }

  private static double figure(Edge edge, String name) throws Exception {
    return Figures.sum(edge.node().ready().getPort(), name, "");
  }

  private static int connections() {
    return system.edges().stream().mapToInt(edge -> edge.clients().connections()).sum();
  }

  private static double sum(List<Double> figures) {
    return figures.stream().mapToDouble(Double::doubleValue).sum();
  }

  /** A run in each partition, being written, and whoever has followed them from the beginning. */
  private static final class Runs {
    final AtomicBoolean enough = new AtomicBoolean();
    private final List<Future<?>> agents = new ArrayList<>();
    private final List<Future<Follower>> following = new ArrayList<>();

    Runs(String name) {
      Map<String, String> runOf = new HashMap<>();
      List<Follower> followers = new ArrayList<>();
      for (int partition = 0; partition < LAYOUT.partitions(); partition++) {
        String thread = threadIn(partition, name + ".");
        String run = "run-of-" + thread;
        runOf.put(thread, run);
        URI edges = URI.create(balancer.socket() + "?p=" + partition);
        for (int i = 0; i < FOLLOWERS; i++) {
          followers.add(new Follower(edges, system.token("u" + i), thread, run));
        }
      }
      followers.forEach(follower -> following.add(threads.submit(follower)));
      await("all live").atMost(PATIENCE).until(() -> followers.stream().allMatch(Follower::isLive));
      runOf.forEach((thread, run) -> agents.add(threads.submit(() -> write(thread, run))));
    }

    /** All followers, who have everything once and in order. */
    List<Follower> ended() throws Exception {
      for (Future<?> agent : agents) {
        agent.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      }
      List<Follower> followers = new ArrayList<>();
      for (Future<Follower> follower : following) {
        followers.add(follower.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
      }
      assertThat(followers)
          .allSatisfy(
              f ->
                  assertThat(f.seqs())
                      .isEqualTo(LongStream.rangeClosed(1, f.seqs().size()).boxed().toList()));
      return followers;
    }

    private void write(String thread, String run) {
      try (AgentRun going = producer.startRun(RunOptions.onThread(thread).withRun(run));
          TextMessage message = going.message()) {
        while (!enough.get()) {
          message.delta("another token ");
          TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
        }
        message.close();
        going.complete();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private static String threadIn(int partition, String prefix) {
      return IntStream.range(0, 1_000)
          .mapToObj(i -> prefix + i)
          .filter(thread -> partitionOf(thread) == partition)
          .findFirst()
          .orElseThrow();
    }

    private static int partitionOf(String thread) {
      return ThreadPartitioner.partition(thread, LAYOUT.partitions());
    }
  }
}
