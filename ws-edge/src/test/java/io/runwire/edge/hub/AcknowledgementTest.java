package io.runwire.edge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.cursor.Cursor;
import io.runwire.edge.hub.DeliveryEvidence.Delivered;
import io.runwire.edge.hub.DeliveryEvidence.Failure;
import io.runwire.edge.hub.DeliveryEvidence.Report;
import io.runwire.edge.settings.RetrySettings;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ServerFrame;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** A client that said that it would acknowledge. */
class AcknowledgementTest {
  private static final int SMALL_WINDOW = 4_000; // some six records

  private final Bench bench = new Bench();

  @Test
  void isSentNoMoreThanTheWindowUntilItAcknowledges() {
    Client client = acknowledging();
    bench.log.run("t", "r").start().text(299);
    assertThat(client.news()).hasSize(256).endsWith("event r/1/256");

    client.acknowledge("t", 10);

    assertThat(client.news()).hasSize(10).endsWith("event r/1/266");
    client.acknowledge("t", 266);
    assertThat(client.news()).hasSize(34).endsWith("event r/1/300");
  }

  @Test
  void isSentNoMoreBytesThanTheWindow() {
    Client client = acknowledging();
    AgentScript agent = bench.log.run("t", "r").start();
    IntStream.range(0, 5).forEach(i -> agent.content("x".repeat(300_000)));

    assertThat(client.news())
        .containsExactly("event r/1/1", "event r/1/2", "event r/1/3", "event r/1/4");

    client.acknowledge("t", 1);
    assertThat(client.news()).as("of one small event").isEmpty();
    client.acknowledge("t", 2);
    assertThat(client.news()).containsExactly("event r/1/5");
  }

  @Test
  void isSentOneEventHoweverLargeItIs() {
    Bench narrow =
        new Bench(
            1 << 20,
            new RetrySettings(
                Duration.ofSeconds(5), 3, Duration.ofSeconds(1), 32 << 10, 256, 1_000));
    Client client = narrow.connect().acknowledging("t", new Start.Latest());
    client.news();
    narrow.log.run("t", "r").start().content("x".repeat(2_000)).content("y".repeat(2_000));
    assertThat(client.news()).containsExactly("event r/1/1");

    client.acknowledge("t", 1);
    assertThat(client.news()).containsExactly("event r/1/2");
    client.acknowledge("t", 2);
    assertThat(client.news()).containsExactly("event r/1/3");
  }

  @Test
  void isSentEverythingAgainThreeTimesAndThenGivenUp() {
    Client client = acknowledging();
    bench.log.run("t", "r").start().text(2);
    client.news();

    passes(5_000 - 1);
    assertThat(client.news()).isEmpty();
    passes(1);
    assertThat(client.news())
        .containsExactly("event r/1/1 again 1", "event r/1/2 again 1", "event r/1/3 again 1");
    passes(1_000);
    assertThat(client.news())
        .containsExactly("event r/1/1 again 2", "event r/1/2 again 2", "event r/1/3 again 2");
    passes(2_000);
    assertThat(client.news())
        .containsExactly("event r/1/1 again 3", "event r/1/2 again 3", "event r/1/3 again 3");
    passes(4_000 - 1);
    assertThat(client.outlet.closed()).isEmpty();

    passes(1);
    assertThat(client.outlet.closed()).contains(CloseCode.TOO_SLOW);
    assertThat(client.outlet.aborted()).as("it reads, so it may be told").isFalse();
    assertThat(bench.metrics.retries).containsExactly("ACK 1", "ACK 2", "ACK 3");
    assertThat(bench.metrics.givenUp).containsExactly(RetryCause.ACK);
    assertThat(bench.metrics.closes).containsExactly(CloseCode.TOO_SLOW);
    assertThat(bench.metrics.redelivered).isEqualTo(9);
  }

  @Test
  void isSentAgainOnlyWhatItHasNotAcknowledged() {
    Client client = acknowledging();
    AgentScript agent = bench.log.run("t", "r").start().text(4);
    client.news();
    client.acknowledge("t", 3);

    passes(5_000);
    assertThat(client.news()).containsExactly("event r/1/4 again 1", "event r/1/5 again 1");

    agent.text(1);
    assertThat(client.news()).containsExactly("event r/1/6");
  }

  @Test
  void hasTheWholeScheduleAgainWhenItMakesProgress() {
    Client client = acknowledging();
    bench.log.run("t", "r").start().text(2);
    client.news();
    steps(5_000, 1_000, 2_000);
    client.news();

    client.acknowledge("t", 1);
    passes(5_000 - 1);
    assertThat(client.news()).isEmpty();
    passes(1);
    assertThat(client.news()).containsExactly("event r/1/2 again 4", "event r/1/3 again 4");
    client.acknowledge("t", 3);

    steps(5_000, 1_000, 2_000, 4_000);
    assertThat(client.news()).isEmpty();
    assertThat(client.outlet.closed()).isEmpty();
    assertThat(bench.metrics.retries).hasSize(4);
  }

  @Test
  void isNotSentAgainWhatItAcknowledgesWhileThatIsOnItsWay() {
    Client client = acknowledging();
    bench.log.run("t", "r").start().text(99);
    client.news();
    client.outlet.stall();
    passes(5_000);
    assertThat(client.outlet.inFlight().orElseThrow()).hasSizeLessThan(100);

    client.acknowledge("t", 100);
    client.outlet.flow();

    assertThat(client.news()).allMatch(event -> event.endsWith("again 1")).hasSizeLessThan(100);
    assertThat(client.outlet.closed()).isEmpty();
  }

  @Test
  void isSentAgainFromHistoryWhatTheWindowHasForgotten() {
    Bench small = new Bench(SMALL_WINDOW);
    Client client = small.connect().acknowledging("t", new Start.Latest());
    client.news();
    AgentScript agent = small.log.run("t", "r").start();
    for (int i = 0; i < 50; i++) {
      agent.text(1);
      small.settle();
    }
    assertThat(client.news()).hasSize(51);
    assertThat(small.log.historyReads()).isZero();

    small.pass(Duration.ofSeconds(5));

    assertThat(client.news())
        .isEqualTo(
            IntStream.rangeClosed(1, 51).mapToObj(seq -> "event r/1/" + seq + " again 1").toList());
    assertThat(small.log.historyReads()).isPositive();
    agent.text(1);
    assertThat(client.news()).containsExactly("event r/1/52");
  }

  @Test
  void isSentAgainWhatItWasSentWhateverTheRouterRepeatedInBetween() {
    Client client = acknowledging();
    bench.log.run("t", "r").start().text(2);
    bench.log.replayLast(bench.log.partitionOf("t"), 2);
    bench.log.run("t", "s").start();
    assertThat(client.news())
        .containsExactly("event r/1/1", "event r/1/2", "event r/1/3", "event s/1/1");

    passes(5_000);

    assertThat(client.news())
        .containsExactly(
            "event r/1/1 again 1",
            "event r/1/2 again 1",
            "event r/1/3 again 1",
            "event s/1/1 again 1");
  }

  /** Else a quiet thread in a busy partition would be looked for from its last ack on. */
  @Test
  void isSentAgainWithoutReadingWhatItWasNotSent() {
    Bench small = new Bench(SMALL_WINDOW);
    small.log.recordsPerChunk(10);
    Client client = small.connect().acknowledging("t", new Start.Latest());
    AgentScript agent = small.log.run("t", "r").start();
    client.news();
    client.acknowledge("t", 1);
    others(small, 500);
    agent.text(1);
    assertThat(client.news()).containsExactly("event r/1/2");
    others(small, 15);
    int before = small.log.historyReads();

    small.pass(Duration.ofSeconds(5));

    assertThat(client.news()).containsExactly("event r/1/2 again 1");
    assertThat(small.log.historyReads() - before).isLessThanOrEqualTo(2);
  }

  @Test
  void isToldOfNoGapWhereOnlyWhatItWasNotSentHasExpired() {
    Bench small = new Bench(SMALL_WINDOW);
    Client client = small.connect().acknowledging("t", new Start.Latest());
    AgentScript agent = small.log.run("t", "r").start();
    client.news();
    client.acknowledge("t", 1);
    others(small, 50);
    agent.text(1);
    client.news();
    int partition = small.log.partitionOf("t");
    long sent = small.log.end(partition) - 1;
    others(small, 15);

    small.log.expire(partition, sent);
    small.pass(Duration.ofSeconds(5));

    assertThat(client.news()).containsExactly("event r/1/2 again 1");
  }

  @Test
  void isSentAgainWhatIsLeftOfWhatItDidNotAcknowledge() {
    Bench small = new Bench(SMALL_WINDOW);
    Client client = small.connect().acknowledging("t", new Start.Latest());
    small.log.run("t", "r").start().text(9);
    client.news();
    int partition = small.log.partitionOf("t");
    long fifth = small.log.end(partition) - 6;
    others(small, 15);

    small.log.expire(partition, fifth);
    small.pass(Duration.ofSeconds(5));
    small.pass(Duration.ofSeconds(1));

    assertThat(client.news())
        .startsWith("error LOG_UNAVAILABLE", "gap EXPIRED")
        .containsSubsequence(
            IntStream.rangeClosed(5, 10).mapToObj(seq -> "event r/1/" + seq + " again 1").toList())
        .doesNotContain("event r/1/4 again 1");
    client.acknowledge("t", 10);
    steps(small, 5_000, 1_000, 2_000, 4_000);
    assertThat(client.news()).noneMatch(news -> news.startsWith("e"));
    assertThat(client.outlet.closed()).isEmpty();
  }

  @Test
  void isNotBlamedForALogThatIsAway() {
    Bench small = new Bench(SMALL_WINDOW);
    Client client = small.connect().acknowledging("t", new Start.Latest());
    AgentScript agent = small.log.run("t", "r").start();
    for (int i = 0; i < 20; i++) {
      agent.text(1);
      small.settle();
    }
    client.news();
    small.log.historyAway(true);

    IntStream.range(0, 60).forEach(i -> small.pass(Duration.ofSeconds(1)));
    assertThat(client.news()).containsExactly("error LOG_UNAVAILABLE");
    assertThat(client.outlet.closed()).isEmpty();

    small.log.historyAway(false);
    small.pass(Duration.ofSeconds(1));
    assertThat(client.news()).hasSize(22).startsWith("event r/1/1 again 1").endsWith("live");
  }

  @Test
  void isToldOfAGapFromItsLastAckOnWhenTheLogWasCut() {
    int partition = bench.log.partitionOf("t");
    Client client = acknowledging();
    bench.log.run("t", "r").start().text(4);
    client.news();
    client.acknowledge("t", 2);
    String acknowledged = client.cursorOf(2);
    passes(5_000);
    assertThat(client.news()).hasSize(3);

    bench.log.truncate(partition, 4);
    bench.settle();
    bench.log.run("t", "s").start();

    assertThat(client.news()).containsExactly("gap TRUNCATED", "live", "event s/1/1");
    assertThat(client.last(ServerFrame.Gap.class).from()).isEqualTo(acknowledged);
  }

  @Test
  void isNotSentAsARepetitionWhatStandsNowWhereTheLogWasCut() {
    Client client = acknowledging();
    bench.log.run("t", "r").start().text(99);
    client.news();
    client.outlet.stall();
    passes(5_000);
    int inFlight = client.outlet.inFlight().orElseThrow().size();

    bench.log.truncate(bench.log.partitionOf("t"), 60);
    bench.log.run("t", "s").start();
    client.outlet.flow();

    assertThat(client.news())
        .hasSize(inFlight + 3)
        .endsWith("event r/1/" + inFlight + " again 1", "gap TRUNCATED", "event s/1/1", "live");
  }

  @Test
  void mayRepeatAnAckAndSayLessThanBefore() {
    Client client = acknowledging();
    bench.log.run("t", "r").start().text(4);
    client.news();

    client.acknowledge("t", 4);
    client.acknowledge("t", 4);
    client.acknowledge("t", 2);

    assertThat(client.news()).isEmpty();
    passes(5_000);
    assertThat(client.news()).containsExactly("event r/1/5 again 1");
  }

  @Test
  void isGivenUpThoughItKeepsRepeatingAnAck() {
    Client client = acknowledging();
    bench.log.run("t", "r").start().text(4);
    client.news();

    for (int ms = 0; ms < 13_000 && client.outlet.closed().isEmpty(); ms += 250) {
      client.acknowledge("t", 2);
      passes(250);
    }

    assertThat(client.outlet.closed()).contains(CloseCode.TOO_SLOW);
  }

  @Test
  void mayAcknowledgeTheCursorOfANotice() {
    Client client = acknowledging();
    String live = client.cursor();

    client.connection.acknowledge("t", Cursor.decode(live).orElseThrow());

    assertThat(client.news()).isEmpty();
  }

  @Test
  void mayNotAcknowledgeWhatItWasNotSent() {
    Client client = acknowledging();
    bench.log.run("t", "r").start();
    client.news();
    Cursor sent = Cursor.decode(client.cursor()).orElseThrow();

    client.connection.acknowledge(
        "t",
        new Cursor(
            sent.log(),
            sent.partition(),
            sent.offset() + 1,
            sent.leaderEpoch(),
            sent.sourceOffset(),
            sent.threadHash()));

    assertThat(client.news()).containsExactly("error BAD_REQUEST");
    passes(5_000);
    assertThat(client.news()).as("nothing was acknowledged").containsExactly("event r/1/1 again 1");
  }

  @Test
  void mayNotAcknowledgeWhatItDoesNotFollow() {
    Client client = acknowledging();
    Client other = bench.connect().latest("other");

    client.connection.acknowledge("other", Cursor.decode(other.cursor()).orElseThrow());

    assertThat(client.news()).containsExactly("error NOT_SUBSCRIBED");
  }

  @Test
  void isClosedWhenItGoesOnAcknowledgingWhatItWasNotSent() {
    Client client = acknowledging();
    Client other = bench.connect().latest(bench.log.neighbourOf("t"));
    bench.log.run(bench.log.neighbourOf("t"), "r").start();
    bench.settle();
    Cursor beyond = Cursor.decode(other.cursor()).orElseThrow();

    for (int i = 0; i < 1_000; i++) {
      client.connection.acknowledge("t", beyond);
    }
    bench.settle();

    assertThat(client.outlet.closed()).contains(CloseCode.BAD_REQUESTS);
  }

  @Test
  void leavesEvidenceOfWhatItHas() {
    Client client = acknowledging();
    client.connection.readAs("ada");
    bench.log.run("t", "r").start().text(2);
    client.news();
    long writtenAtMs = bench.clock.millis();
    bench.timer.advance(Duration.ofMillis(38));
    client.acknowledge("t", 2);

    passes(1_000);
    client.connection.unsubscribe(2, "t");
    client.news();

    long first = bench.log.end(bench.log.partitionOf("t")) - 3;
    assertThat(bench.evidence.reports).hasSize(2);
    Report report = bench.evidence.reports.get(0);
    assertThat(report.subject()).contains("ada");
    assertThat(report.events())
        .containsExactly(
            new Delivered(first, writtenAtMs, OptionalLong.of(38)),
            new Delivered(first + 1, writtenAtMs, OptionalLong.of(38)));
    assertThat(report.acknowledgedUpTo()).hasValue(first + 2);
    assertThat(report.last()).isFalse();
    Report last = bench.evidence.reports.get(1);
    assertThat(last.events())
        .containsExactly(new Delivered(first + 2, writtenAtMs, OptionalLong.empty()));
    assertThat(last.writtenUpTo()).hasValue(first + 3);
    assertThat(last.last()).isTrue();
    assertThat(last.failure()).isEmpty();
  }

  @Test
  void leavesEvidenceOfWhatItDidNotAcknowledge() {
    Client client = acknowledging();
    bench.log.run("t", "r").start().text(2);
    client.news();
    client.acknowledge("t", 1);
    long from = bench.log.end(bench.log.partitionOf("t")) - 2;

    steps(5_000, 1_000, 2_000, 4_000);

    Report last = bench.evidence.reports.get(bench.evidence.reports.size() - 1);
    assertThat(last.failure()).contains(new Failure(RetryCause.ACK, 3, from));
    assertThat(last.last()).isTrue();
  }

  @Test
  void leavesEvidenceOfEachOfTheManyThatItAcknowledgesAtOnce() {
    Client client = acknowledging();
    AgentScript agent = bench.log.run("t", "r").start();
    client.news();
    for (int seq = 201; seq <= 1_201; seq += 200) {
      agent.text(200);
      client.news();
      client.acknowledge("t", seq);
    }
    assertThat(bench.evidence.reports).as("before a second is over").hasSize(1);
    client.connection.unsubscribe(2, "t");
    client.news();

    long end = bench.log.end(bench.log.partitionOf("t"));
    assertThat(bench.evidence.reports.stream().flatMap(report -> report.events().stream()))
        .map(Delivered::offset)
        .isEqualTo(LongStream.range(end - 1_201, end).boxed().toList());
  }

  @Test
  void isReportedAtMostOnceASecond() {
    Client client = acknowledging();
    AgentScript agent = bench.log.run("t", "r").start();
    client.news();

    for (int i = 1; i <= 40; i++) {
      client.acknowledge("t", i);
      agent.text(1);
      client.news();
      passes(250);
    }

    assertThat(bench.evidence.reports).hasSizeBetween(9, 11);
  }

  private Client acknowledging() {
    Client client = bench.connect().acknowledging("t", new Start.Latest());
    assertThat(client.news()).containsExactly("subscribed", "live");
    return client;
  }

  /** Records of another thread, which push what is older out of a small window. */
  private static void others(Bench bench, int records) {
    AgentScript other = bench.log.run(bench.log.neighbourOf("t"), "other-" + records).start();
    for (int i = 1; i < records; i++) {
      other.text(1);
    }
    bench.tick();
  }

  private void steps(long... ms) {
    steps(bench, ms);
  }

  private static void steps(Bench bench, long... ms) {
    for (long step : ms) {
      bench.pass(Duration.ofMillis(step));
    }
  }

  private void passes(long ms) {
    bench.pass(Duration.ofMillis(ms));
  }
}
