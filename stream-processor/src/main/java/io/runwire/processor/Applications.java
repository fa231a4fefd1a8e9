package io.runwire.processor;

import io.runwire.processor.ledger.LedgerTopology;
import io.runwire.processor.topics.CheckedTopics;
import io.runwire.processor.topics.LogWatch;
import io.runwire.processor.topology.PayloadSeal;
import io.runwire.processor.topology.Router;
import io.runwire.processor.watchdog.Watchdog;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KafkaStreams.State;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two applications of Kafka Streams that make up a processor: the router, and the ledger with
 * the watchdog. They meet in the topics only, and are two so that neither waits for the other: the
 * router takes each record as it comes, the ledger many at a time; and when a processor is gone,
 * routing goes on elsewhere before the ledger is restored.
 *
 * <p>Thread-safe.
 */
final class Applications implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Applications.class);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);

  private final KafkaStreams router;
  private final KafkaStreams ledger;
  private final CountDownLatch starting = new CountDownLatch(2);

  /**
   * Both, not started.
   *
   * @param self where other processors reach the ledger of this one
   * @param clockMs the clock of {@code watch}
   */
  Applications(
      ProcessorConfig config,
      HostInfo self,
      CheckedTopics topics,
      PayloadSeal seal,
      ProcessorMeters meters,
      LogWatch watch,
      LongSupplier clockMs,
      Halt halt) {
    Topology routing = new Topology();
    Router.addTo(routing, topics.log(), seal, meters);
    router =
        streams(
            routing,
            StreamsSettings.router(
                config, topics.replicationFactor(), halt, watch.unacknowledged()),
            halt);
    Topology folding = new Topology();
    LedgerTopology.addTo(folding, topics.log(), meters, config.ledgerRetention());
    Watchdog.addTo(folding, topics.log(), config.watchdog(), watch, meters, clockMs);
    ledger =
        streams(
            folding,
            StreamsSettings.ledger(
                config, self, topics.replicationFactor(), halt, watch.unacknowledged()),
            halt);
    meters.bind(router);
    meters.bind(ledger);
  }

  /** What can be asked for the ledger's store. */
  KafkaStreams ledger() {
    return ledger;
  }

  void start() {
    router.start();
    ledger.start();
  }

  /** Waits until both run; false if they do not within that time. */
  boolean awaitRunning(Duration atMost) throws InterruptedException {
    return starting.await(atMost.toNanos(), TimeUnit.NANOSECONDS) && running();
  }

  boolean running() {
    return router.state() == State.RUNNING && ledger.state() == State.RUNNING;
  }

  /** Whether both run or may still come to it. */
  boolean live() {
    return live(router.state()) && live(ledger.state());
  }

  private static boolean live(State state) {
    return state != State.PENDING_ERROR && !state.hasCompletedShutdown();
  }

  /**
   * Sends what is under way, commits, and leaves the groups, so that whoever takes over need not
   * wait for a session to run out.
   */
  @Override
  public void close() {
    CompletableFuture.allOf(
            List.of(router, ledger).stream()
                .map(streams -> CompletableFuture.runAsync(() -> close(streams)))
                .toArray(CompletableFuture[]::new))
        .join();
  }

  private static void close(KafkaStreams streams) {
    boolean closed =
        streams.close(
            CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_WITHIN));
    if (!closed) {
      LOG.warn(
          "streams not closed after {}: what was not acknowledged is routed again", CLOSE_WITHIN);
    }
  }

  private KafkaStreams streams(Topology topology, Properties settings, Halt halt) {
    KafkaStreams streams = new KafkaStreams(topology, settings);
    streams.setUncaughtExceptionHandler(new UncaughtErrors(halt));
    CountDownLatch first = new CountDownLatch(1);
    streams.setStateListener(
        (now, before) -> {
          if (now == State.RUNNING && first.getCount() > 0) {
            first.countDown();
            starting.countDown();
          }
        });
    return streams;
  }
}
