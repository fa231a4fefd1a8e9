package io.runwire.edge.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import io.runwire.edge.settings.DeliverySettings;
import io.runwire.edge.time.ManualClock;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ServerFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The hub with its own threads. */
class HubTest {
  private final ManualClock clock = new ManualClock();
  private final FakeLog log = new FakeLog(clock, 8, 1 << 20);
  private final Hub hub =
      new Hub(
          log,
          log.windows(),
          new ReadBudget(1 << 20),
          thread -> CompletableFuture.completedStage(new OpenRuns.Start(0, -1)),
          new CountedMetrics(),
          new RecordedEvidence(),
          clock,
          new DeliverySettings(2, 64),
          Bench.RETRIES,
          Duration.ZERO);

  @AfterEach
  void stop() {
    hub.close();
  }

  @Test
  void deliversToManyConnectionsAtOnce() {
    List<QueueingOutlet> outlets = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      QueueingOutlet outlet = new QueueingOutlet();
      outlets.add(outlet);
      hub.connect(outlet).subscribe(1, "t" + i % 10, Optional.empty(), new Start.Earliest());
    }
    assertThat(hub.connections()).isLessThanOrEqualTo(50);

    IntStream.range(0, 10)
        .parallel()
        .forEach(thread -> log.run("t" + thread, "r").start().text(100).finish());

    await()
        .untilAsserted(
            () ->
                assertThat(outlets)
                    .allSatisfy(
                        outlet ->
                            assertThat(outlet.seqs())
                                .isEqualTo(IntStream.rangeClosed(1, 102).boxed().toList())));
    assertThat(hub.connections()).isEqualTo(50);
    assertThat(hub.partitionsOwned()).isBetween(1, 8);
  }

  @Test
  void looksAtItsConnectionsByItselfWhileTheLogIsAway() {
    log.away(true);
    QueueingOutlet outlet = new QueueingOutlet();
    hub.connect(outlet).subscribe(1, "t", Optional.empty(), new Start.Latest());
    await().until(() -> outlet.received.size() == 1);

    log.away(false);
    clock.advance(Duration.ofSeconds(2));

    await().until(() -> outlet.received.size() == 3);
  }

  @Test
  void ownsNoPartitionsOnceTheConnectionsAreGone() {
    Connection connection = hub.connect(new QueueingOutlet());
    connection.subscribe(1, "t", Optional.empty(), new Start.Latest());
    await().until(() -> hub.partitionsOwned() == 1);

    connection.closed();

    await().until(() -> hub.partitionsOwned() == 0 && hub.connections() == 0);
    assertThat(log.isAttached(log.partitionOf("t"))).isFalse();
  }

  @Test
  void maySayWhatItLikesToAHubThatIsClosed() {
    Connection connection = hub.connect(new QueueingOutlet());
    connection.subscribe(1, "t", Optional.empty(), new Start.Latest());

    hub.close();

    assertThatCode(
            () -> {
              connection.send(new ServerFrame.Pong());
              connection.close(CloseCode.NORMAL);
              connection.closed();
              log.run("t", "r").start();
              hub.connect(new QueueingOutlet()).closed();
              hub.close();
            })
        .doesNotThrowAnyException();
  }

  /** Takes everything at once. */
  private static final class QueueingOutlet implements Outlet {
    final ConcurrentLinkedQueue<Outgoing> received = new ConcurrentLinkedQueue<>();

    @Override
    public void write(List<Outgoing> batch, Written written) {
      received.addAll(batch);
      written.succeeded();
    }

    @Override
    public void close(CloseCode code) {}

    @Override
    public void abort(CloseCode code) {}

    List<Integer> seqs() {
      return received.stream()
          .filter(Event.class::isInstance)
          .map(event -> (int) ((Event) event).entry().envelope().seq())
          .toList();
    }
  }
}
