package io.runwire.edge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.edge.hub.DeliveryEvidence.Failure;
import io.runwire.edge.hub.DeliveryEvidence.Report;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ServerFrame;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A socket that takes no write: 5 s, then 1, 2 and 4 s more, then no longer. */
class StalledSocketTest {
  private static final int SMALL_WINDOW = 4_000; // some six records

  @Test
  void isGivenAChanceAtEachStepAndThenGivenUp() {
    Bench bench = new Bench();
    Client stalled = stalled(bench);

    passes(bench, 5_000 - 1);
    assertThat(bench.metrics.stalled).isZero();
    assertThat(bench.metrics.retries).isEmpty();
    passes(bench, 1);
    assertThat(bench.metrics.stalled).isEqualTo(1);
    assertThat(bench.metrics.retries).containsExactly("WRITE 1");
    passes(bench, 1_000);
    assertThat(bench.metrics.retries).containsExactly("WRITE 1", "WRITE 2");
    passes(bench, 2_000);
    assertThat(bench.metrics.retries).containsExactly("WRITE 1", "WRITE 2", "WRITE 3");
    passes(bench, 4_000 - 1);
    assertThat(stalled.outlet.closed()).isEmpty();
    assertThat(bench.metrics.givenUp).isEmpty();

    passes(bench, 1);
    assertThat(stalled.outlet.aborted()).isTrue();
    assertThat(stalled.outlet.closed()).contains(CloseCode.TOO_SLOW);
    assertThat(bench.metrics.closes).containsExactly(CloseCode.TOO_SLOW);
    assertThat(bench.metrics.givenUp).containsExactly(RetryCause.WRITE);
    assertThat(bench.metrics.stalled).isZero();
    assertThat(bench.connectionCount()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {4_999, 5_500, 7_000, 11_500})
  void goesOnFromItsCursorWhenItDrainsInBetween(long afterMs) {
    Bench bench = new Bench();
    Client stalled = stalled(bench);
    bench.log.run("t", "other").start().text(99);
    IntStream.range(0, (int) (afterMs / 500)).forEach(i -> passes(bench, 500));
    passes(bench, afterMs % 500);

    stalled.outlet.flow();

    List<String> all = stalled.news();
    assertThat(all.subList(0, 1)).containsExactly("event r/1/1");
    assertThat(all.subList(1, all.size()))
        .isEqualTo(IntStream.rangeClosed(1, 100).mapToObj(seq -> "event other/1/" + seq).toList());
    assertThat(bench.metrics.stalled).isZero();
    passes(bench, 60_000);
    assertThat(stalled.outlet.closed()).isEmpty();
    assertThat(bench.metrics.givenUp).isEmpty();
  }

  @Test
  void beginsAtTheDeadlineAgainWithTheNextWrite() {
    Bench bench = new Bench();
    Client slow = stalled(bench);
    AgentScript agent = bench.log.run("t", "other").start();
    steps(bench, 5_000, 1_000, 2_000);

    slow.outlet.drain();
    bench.settle();
    assertThat(bench.metrics.stalled).isZero();
    agent.text(1);
    passes(bench, 5_000 - 1);

    assertThat(bench.metrics.stalled).isZero();
    assertThat(slow.outlet.closed()).isEmpty();
    passes(bench, 1);
    assertThat(bench.metrics.stalled).isEqualTo(1);
  }

  @Test
  void isGivenUpThoughItKeepsSending() {
    Bench bench = new Bench();
    Client stalled = bench.connect().acknowledging("t", new Start.Latest());
    AgentScript agent = bench.log.run("t", "r").start();
    stalled.news();
    stalled.outlet.stall();
    agent.text(1);

    for (int ms = 0; ms < 13_000 && stalled.outlet.closed().isEmpty(); ms += 250) {
      passes(bench, 250);
      stalled.acknowledge("t", 1);
      stalled.connection.send(new ServerFrame.Pong());
      bench.settle();
    }

    assertThat(stalled.outlet.closed()).contains(CloseCode.TOO_SLOW);
    assertThat(stalled.outlet.aborted()).isTrue();
  }

  @Test
  void isGivenUpWhenWhatItDoesNotTakeIsNoEvent() {
    Bench bench = new Bench();
    Client stalled = bench.connect();
    stalled.outlet.stall();
    stalled.connection.send(new ServerFrame.Pong());
    bench.settle();

    steps(bench, 5_000, 1_000, 2_000, 4_000);

    assertThat(stalled.outlet.closed()).contains(CloseCode.TOO_SLOW);
  }

  /** At 500 kbit/s a megabyte takes 17 s: without this its reader would never get it. */
  @Test
  void hasAsLongForALargeEventAsItTakesAtTheSlowestRate() {
    Bench bench = new Bench();
    Client slow = bench.connect().latest("t");
    AgentScript agent = bench.log.run("t", "r").start();
    slow.news();
    slow.outlet.stall();
    agent.content("x".repeat(1_000_000));
    bench.settle();

    IntStream.range(0, 30).forEach(i -> passes(bench, 1_000));
    assertThat(bench.metrics.stalled).isZero();

    IntStream.range(0, 12).forEach(i -> passes(bench, 1_000));
    assertThat(slow.outlet.closed()).contains(CloseCode.TOO_SLOW);
  }

  @Test
  void isNotGivenUpAtOnceByAnEdgeThatWasFrozenItself() {
    Bench bench = new Bench();
    Client client = stalled(bench);

    passes(bench, 60_000);
    assertThat(client.outlet.closed()).isEmpty();
    assertThat(bench.metrics.retries).containsExactly("WRITE 1");

    steps(bench, 1_000, 2_000, 4_000);
    assertThat(client.outlet.closed()).contains(CloseCode.TOO_SLOW);
  }

  @Test
  void isWaitedForAnewWhenTheClockIsPutBack() {
    Bench bench = new Bench();
    Client client = stalled(bench);
    passes(bench, 4_000);

    bench.clock.advance(Duration.ofHours(-1));
    bench.tick();
    steps(bench, 5_000, 1_000, 2_000, 4_000);

    assertThat(client.outlet.closed()).contains(CloseCode.TOO_SLOW);
  }

  @Test
  void isEvidenceOfWhatItDidNotTake() {
    Bench bench = new Bench();
    Client client = bench.connect().latest("t").latest("quiet");
    client.connection.readAs("ada");
    AgentScript agent = bench.log.run("t", "r").start();
    client.news();
    client.outlet.stall();
    agent.text(2);
    bench.settle();
    long undelivered = bench.log.end(bench.log.partitionOf("t")) - 2;

    steps(bench, 5_000, 1_000, 2_000, 4_000);

    List<Report> failures =
        bench.evidence.reports.stream().filter(report -> report.failure().isPresent()).toList();
    assertThat(failures).map(Report::thread).containsExactlyInAnyOrder("t", "quiet");
    Report ofThread =
        failures.stream().filter(report -> report.thread().equals("t")).findFirst().orElseThrow();
    assertThat(ofThread.failure()).contains(new Failure(RetryCause.WRITE, 3, undelivered));
    assertThat(ofThread.subject()).contains("ada");
    assertThat(ofThread.connection()).isEqualTo(client.connection.id());
    assertThat(ofThread.writtenUpTo()).hasValue(undelivered);
    assertThat(ofThread.last()).isTrue();
  }

  @Test
  void letsGoOfWhatItHasReadAhead() {
    Bench bench = new Bench(SMALL_WINDOW);
    Client slow = bench.connect().latest("t");
    slow.news();
    slow.outlet.stall();
    bench.log.run("t", "r").start().text(199);
    bench.settle();
    slow.outlet.drain();
    bench.settle();
    int reads = bench.log.historyReads();
    assertThat(reads).isEqualTo(1);

    passes(bench, 1_000);
    slow.outlet.flow();

    assertThat(slow.news())
        .isEqualTo(IntStream.rangeClosed(1, 200).mapToObj(seq -> "event r/1/" + seq).toList());
    assertThat(bench.log.historyReads()).as("read again").isEqualTo(reads + 1);
  }

  @ParameterizedTest
  @CsvSource({"0, 5000", "65536, 5000", "163840, 5000", "327680, 10000", "1048576, 32000"})
  void scalesTheDeadlineWithTheBytes(long bytes, long deadlineMs) {
    assertThat(Bench.RETRIES.deadline(bytes)).isEqualTo(Duration.ofMillis(deadlineMs));
  }

  /** One whose write in flight holds the first event of run r. */
  @Test
  void manyThatAreGivenUpAtOnceKeepNobodyWaiting() {
    Bench bench = new Bench();
    List<Client> stalled =
        IntStream.range(0, 200).mapToObj(i -> bench.connect().latest("t")).toList();
    Client live = bench.connect().latest("other");
    stalled.forEach(client -> client.outlet.stall());
    bench.log.run("t", "r").start();
    bench.settle();
    steps(bench, 5_000, 1_000, 2_000);
    live.news();
    int before = live.outlet.received().size();

    bench.due(Duration.ofSeconds(4));
    bench.log.run("other", "r2").start();
    while (live.outlet.received().size() == before && bench.executor.runOne()) {
      // The next one.
    }

    assertThat(live.news()).containsExactly("event r2/1/1");
    assertThat(bench.metrics.givenUp).hasSize(DeliveryLoop.MOST_GIVEN_UP);
    steps(bench, 250, 250, 250, 250);
    assertThat(bench.metrics.givenUp).hasSize(200);
  }

  private static Client stalled(Bench bench) {
    Client client = bench.connect().latest("t");
    client.news();
    client.outlet.stall();
    bench.log.run("t", "r").start();
    bench.settle();
    assertThat(client.outlet.inFlight()).isNotEqualTo(Optional.empty());
    return client;
  }

  private static void steps(Bench bench, long... ms) {
    for (long step : ms) {
      passes(bench, step);
    }
  }

  private static void passes(Bench bench, long ms) {
    bench.pass(Duration.ofMillis(ms));
  }
}
