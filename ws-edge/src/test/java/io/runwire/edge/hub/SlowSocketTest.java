package io.runwire.edge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.frame.CloseCode;
import io.runwire.frame.ServerFrame;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A socket whose peer reads slowly, or not at all, or is gone. */
class SlowSocketTest {
  private static final int SMALL_WINDOW = 4_000; // some six records

  @Test
  void hasOneWriteInFlightWhateverIsAppended() {
    Bench bench = new Bench();
    Client slow = bench.connect().latest("t");
    slow.outlet.stall();
    int writesBefore = slow.outlet.writes().size();

    AgentScript agent = bench.log.run("t", "r").start();
    bench.settle();
    for (int i = 0; i < 100; i++) {
      agent.text(1);
      bench.tick();
    }

    assertThat(slow.outlet.writes()).hasSize(writesBefore + 1);
    assertThat(slow.outlet.inFlight().orElseThrow()).hasSize(1);
  }

  @Test
  void catchesUpFromTheWindow() {
    Bench bench = new Bench();
    Client slow = bench.connect().latest("t");
    slow.news();
    slow.outlet.stall();
    bench.log.run("t", "r").start().text(99);
    bench.settle();

    slow.outlet.flow();

    assertThat(slow.news()).isEqualTo(events(100));
    assertThat(bench.log.historyReads()).isZero();
  }

  @Test
  void catchesUpFromHistoryWhenTheWindowHasLeftItBehind() {
    Bench bench = new Bench(SMALL_WINDOW);
    Client slow = bench.connect().latest("t");
    slow.news();
    slow.outlet.stall();
    bench.log.recordsPerChunk(13);
    bench.log.run("t", "r").start().text(99);
    bench.settle();

    slow.outlet.flow();

    assertThat(slow.news()).isEqualTo(events(100));
    assertThat(bench.log.historyReads()).isPositive();
  }

  @Test
  void doesNotDelayOthers() {
    Bench bench = new Bench();
    Client slow = bench.connect().latest("t");
    Client quick = bench.connect().latest("t");
    slow.outlet.stall();
    quick.news();

    bench.log.run("t", "r").start().text(9);

    assertThat(quick.news()).isEqualTo(events(10));
  }

  @Test
  void mayBeAnHourBehindWhereAnotherIsLive() {
    Bench bench = new Bench(SMALL_WINDOW);
    bench.connect().latest("t"); // somebody has the window open
    AgentScript agent = bench.log.run("t", "r").start().text(99);
    bench.settle();
    bench.pass(Duration.ofHours(1));
    bench.log.recordsPerChunk(7);
    Client live = bench.connect().latest("t");
    live.news();
    Client behind = bench.connect();
    behind.outlet.stall();
    behind.earliest("t");

    List<String> ofBehind = new ArrayList<>();
    for (int seq = 101; seq <= 200; seq++) {
      agent.text(1);
      assertThat(live.news()).as("at once").containsExactly("event r/1/" + seq);
      behind.outlet.drain();
      ofBehind.addAll(behind.news());
    }
    behind.outlet.flow();
    ofBehind.addAll(behind.news());

    assertThat(ofBehind).startsWith("subscribed").endsWith("live");
    assertThat(ofBehind.subList(1, ofBehind.size() - 1)).isEqualTo(events(200));
    assertThat(bench.metrics.latencies).as("of live events alone").containsOnly(0L);
  }

  @Test
  void isForgottenWhenItsWriteFails() {
    Bench bench = new Bench();
    Client broken = bench.connect().latest("t");
    broken.outlet.stall();
    bench.log.run("t", "r").start().text(9);
    bench.settle();

    broken.outlet.breakAfter(1);
    bench.settle();

    assertThat(bench.connectionCount()).isZero();
    bench.log.run("t", "r2").start();
    bench.tick();
    assertThat(broken.outlet.inFlight()).isEmpty();
    assertThat(broken.outlet.closed()).as("nobody is there to be told").isEmpty();
  }

  @Test
  void resumesBehindTheLastEventThatArrivedWhenItBreaksInTheMiddleOfABatch() {
    Bench bench = new Bench();
    Client broken = bench.connect().latest("t");
    broken.outlet.stall();
    AgentScript agent = bench.log.run("t", "r").start();
    bench.settle();
    agent.text(9);
    broken.outlet.drain();
    bench.settle();
    broken.outlet.breakAfter(4);
    bench.settle();

    Client again = bench.connect().after("t", broken.cursor());

    assertThat(again.news())
        .containsExactly(
            "subscribed",
            "event r/1/6",
            "event r/1/7",
            "event r/1/8",
            "event r/1/9",
            "event r/1/10",
            "live");
  }

  @Test
  void mayBeGoneWhileAWriteIsInFlight() {
    Bench bench = new Bench();
    Client client = bench.connect().latest("t");
    client.outlet.stall();
    bench.log.run("t", "r").start();
    bench.settle();

    client.connection.closed();
    bench.settle();
    client.outlet.drain();
    bench.settle();
    client.connection.closed();
    bench.tick();

    assertThat(bench.connectionCount()).isZero();
    assertThat(client.outlet.inFlight()).isEmpty();
  }

  @Test
  void isClosedOnceAndSentNothingMore() {
    Bench bench = new Bench();
    Client client = bench.connect().latest("t");
    client.outlet.stall();
    bench.log.run("t", "r").start();
    bench.settle();

    client.connection.close(CloseCode.TOKEN_EXPIRED);
    client.connection.close(CloseCode.NO_PONG);
    client.connection.send(new ServerFrame.Pong());
    client.connection.subscribe(2, "u", Optional.empty(), new Start.Latest());
    bench.settle();
    client.outlet.drain();
    bench.tick();

    assertThat(client.outlet.closed()).contains(CloseCode.TOKEN_EXPIRED);
    assertThat(bench.metrics.closes).containsExactly(CloseCode.TOKEN_EXPIRED);
    assertThat(client.outlet.inFlight()).isEmpty();
    assertThat(bench.connectionCount()).isZero();
  }

  @Test
  void isClosedWhenItCannotBeWrittenTo() {
    Bench bench = new Bench();
    Client client = bench.connect().latest("t");
    client.outlet.refuseWrites();

    bench.log.run("t", "r").start();
    bench.settle();

    assertThat(client.outlet.closed()).contains(CloseCode.INTERNAL);
    assertThat(bench.connectionCount()).isZero();
  }

  @Test
  void isClosedWhenItAsksForMoreAnswersThanItReads() {
    Bench bench = new Bench();
    Client client = bench.connect();
    client.outlet.stall();

    for (int i = 0; i < 1_000; i++) {
      client.connection.send(new ServerFrame.Pong());
    }
    bench.settle();

    assertThat(client.outlet.closed()).contains(CloseCode.RATE_EXCEEDED);
  }

  private static List<String> events(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(seq -> "event r/1/" + seq).toList();
  }
}
