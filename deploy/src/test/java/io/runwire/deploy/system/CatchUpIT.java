package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.loadtest.drive.WireClient;
import io.runwire.loadtest.drive.WireFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An hour behind: a hundred thousand records of other threads lie before what a client wants. */
class CatchUpIT {
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final String BEHIND = "behind";
  private static final String OTHER = WrittenLog.neighbourOf(BEHIND, "other.");
  private static final String LIVE = WrittenLog.neighbourOf(BEHIND, "live.");
  private static final int FOREIGN = 100_000;
  private static final int OWN = 100;
  private static final int CLIENTS = 50;
  private static final int TICKS = 300;
  private static final int TICK_MS = 10;

  private static WrittenLog log;

  @BeforeAll
  static void start() throws Exception {
    log = new WrittenLog();
    for (int i = 1; i <= FOREIGN; i++) {
      log.append(OTHER, "noise", i);
      if (i % (FOREIGN / OWN) == 0) {
        log.append(BEHIND, "r", i / (FOREIGN / OWN));
      }
    }
    log.flush();
    log.startEdge(Map.of("window.bytes", Integer.toString(1 << 20)));
  }

  @AfterAll
  static void stop() {
    log.close();
  }

  @Test
  void aClientAnHourBehindReachesLiveBesideOneThatIsLive() throws Exception {
    ScheduledExecutorService agent = Executors.newSingleThreadScheduledExecutor();
    AtomicInteger seq = new AtomicInteger();
    try (WireClient live = log.connect("live");
        WireClient behind = log.connect("behind")) {
      live.subscribe(1, LIVE, "\"from\":\"latest\"");
      live.await("live", f -> f.is("live"), PATIENCE);
      var unused =
          agent.scheduleAtFixedRate(
              () -> log.append(LIVE, "ticks", seq.incrementAndGet()),
              0,
              TICK_MS,
              TimeUnit.MILLISECONDS);
      latencies(live, TICKS, new CompletableFuture<>()); // warm
      List<Long> alone = latencies(live, TICKS, new CompletableFuture<>());

      double readBefore = recordsRead();
      behind.subscribe(1, BEHIND, "\"from\":\"earliest\"");
      CompletableFuture<List<Integer>> caughtUp =
          CompletableFuture.supplyAsync(() -> untilLive(behind));
      List<Long> beside = latencies(live, Integer.MAX_VALUE, caughtUp);

      assertThat(caughtUp.get()).isEqualTo(IntStream.rangeClosed(1, OWN).boxed().toList());
      double read = recordsRead() - readBefore;
      assertThat(read).isGreaterThanOrEqualTo(FOREIGN).isLessThan(1.5 * FOREIGN);
      System.out.printf(
          "catch-up over %,d foreign records: %,.0f read; live p99 alone %d ms (%d ticks), beside it"
              + " %d ms (%d ticks)%n",
          FOREIGN, read, p99(alone), alone.size(), p99(beside), beside.size());
    } finally {
      agent.shutdownNow();
    }
  }

  @Test
  void manyWhoComeBackTogetherShareTheRead() throws Exception {
    List<WireClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(log.connect("user-" + i));
      }
      double readBefore = recordsRead();
      for (WireClient client : clients) {
        client.subscribe(1, BEHIND, "\"from\":\"earliest\"");
      }
      for (WireClient client : clients) {
        assertThat(untilLive(client)).isEqualTo(IntStream.rangeClosed(1, OWN).boxed().toList());
      }
      double read = recordsRead() - readBefore;
      System.out.printf(
          "%d clients over %,d foreign records: %,.0f records read, %.1f times the log%n",
          CLIENTS, FOREIGN, read, read / FOREIGN);
      assertThat(read).isLessThan(CLIENTS / 5.0 * FOREIGN);
    } finally {
      clients.forEach(WireClient::close);
    }
  }

  /** The seqs of the events that come before the client is live. */
  private static List<Integer> untilLive(WireClient client) {
    List<Integer> seqs = new ArrayList<>();
    try {
      for (WireFrame frame = next(client); !frame.is("live"); frame = next(client)) {
        if (frame.is("event")) {
          seqs.add(frame.json().path("seq").asInt());
        }
      }
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return seqs;
  }

  /** From the append to the arrival, in ms, of so many events, or until something is done. */
  private static List<Long> latencies(WireClient live, int count, CompletableFuture<?> done)
      throws Exception {
    List<Long> latencies = new ArrayList<>();
    while (latencies.size() < count && !done.isDone()) {
      WireFrame event = live.await("event", f -> f.is("event"), PATIENCE);
      latencies.add(System.currentTimeMillis() - event.json().path("ts").asLong());
    }
    return latencies;
  }

  private static WireFrame next(WireClient client) throws Exception {
    return client.await("the next frame", f -> true, PATIENCE);
  }

  private static double recordsRead() throws Exception {
    return log.metric("runwire_edge_history_records_total", "");
  }

  private static long p99(List<Long> latencies) {
    return latencies.stream().sorted().skip(latencies.size() * 99L / 100).findFirst().orElse(-1L);
  }
}
