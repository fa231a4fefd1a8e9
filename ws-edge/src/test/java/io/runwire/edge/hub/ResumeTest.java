package io.runwire.edge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;
import io.runwire.fold.Fold;
import io.runwire.fold.RunPosition;
import io.runwire.frame.ServerFrame;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client comes back with its cursor. */
class ResumeTest {
  private static final int SMALL_WINDOW = 4_000; // some six records

  @Test
  void goesOnInTheWindowWhereItIsThere() {
    Bench bench = new Bench();
    Client before = bench.connect().latest("t");
    AgentScript agent = bench.log.run("t", "r").start().text(2);
    bench.settle();
    before.connection.closed();

    agent.text(2);
    Client after = bench.connect().after("t", before.cursor());

    assertThat(after.news()).containsExactly("subscribed", "event r/1/4", "event r/1/5", "live");
    assertThat(bench.log.historyReads()).isZero();
  }

  @Test
  void needsNoQuestionToTheLogWhereTheWindowHoldsTheRecordBeforeTheCursor() {
    Bench bench = new Bench();
    Client before = bench.connect().latest("t");
    bench.log.run("t", "r").start().text(2);
    bench.settle();
    bench.log.answerOn(new ManualExecutor()); // never

    Client after = bench.connect().after("t", before.cursor());

    assertThat(after.news()).containsExactly("subscribed", "live");
  }

  @Test
  void readsHistoryWhereTheWindowHasMovedOn() {
    Bench bench = new Bench(SMALL_WINDOW);
    Client before = bench.connect().latest("t");
    AgentScript agent = bench.log.run("t", "r").start().text(1);
    bench.settle();
    before.connection.closed();

    agent.text(30);
    bench.log.recordsPerChunk(7);
    Client after = bench.connect().after("t", before.cursor());

    List<String> news = after.news();
    assertThat(news).hasSize(32).startsWith("subscribed", "event r/1/3").endsWith("live");
    assertThat(news.subList(1, 31)).isEqualTo(events("r", 3, 33));
    assertThat(bench.log.historyReads()).isGreaterThan(2);
  }

  @Test
  void advancesOverAChunkInWhichNothingMatched() {
    Bench bench = new Bench(SMALL_WINDOW);
    Client before = bench.connect().latest("t");
    AgentScript agent = bench.log.run("t", "r").start();
    bench.settle();
    before.connection.closed();

    bench.log.run(bench.log.neighbourOf("t"), "noise").start().text(50);
    agent.text(1);
    bench.log.run(bench.log.neighbourOf("t"), "more-noise").start().text(50);
    bench.log.recordsPerChunk(10);
    Client after = bench.connect().after("t", before.cursor());

    assertThat(after.news()).containsExactly("subscribed", "event r/1/2", "live");
  }

  @Test
  void skipsWhatTheClientSaysItHas() {
    Bench bench = new Bench();
    AgentScript agent = bench.log.run("t", "r").start().text(1);
    Client before = bench.connect().earliest("t");
    String early = before.cursor();
    agent.text(3);
    bench.settle();

    Client after =
        bench.connect().after("t", early, Map.of("r", RunPosition.at(1, 4)), Optional.empty());

    assertThat(after.news()).containsExactly("subscribed", "event r/1/5", "live");
  }

  @Test
  void echoesWhereReadingStarts() {
    Bench bench = new Bench();
    Client before = bench.connect().latest("t");
    bench.log.run("t", "r").start();
    bench.settle();

    Client after = bench.connect().after("t", before.cursor());
    bench.settle();

    assertThat(after.last(ServerFrame.Subscribed.class).cursor().encode())
        .isEqualTo(before.cursor());
  }

  @Test
  void refusesToReadWhatIsOlderThanTheReaderMaySee() {
    Bench bench = new Bench(SMALL_WINDOW);
    AgentScript agent = bench.log.run("t", "r").start();
    Client before = bench.connect().earliest("t");
    agent.text(20);
    bench.settle();
    String cursor = oldestCursor(before);
    bench.pass(Duration.ofHours(25));

    Client after = bench.connect().after("t", cursor, Map.of(), Optional.of(Duration.ofHours(24)));

    assertThat(after.news()).containsExactly("error FORBIDDEN");
    assertThat(after.latest("t").news()).containsExactly("subscribed", "live");
  }

  @Test
  void refusesTheSameWhereTheWindowStillHoldsIt() {
    Bench bench = new Bench();
    AgentScript agent = bench.log.run("t", "r").start();
    Client before = bench.connect().earliest("t");
    agent.text(1);
    bench.settle();
    String cursor = before.cursor();
    agent.text(2);
    bench.pass(Duration.ofHours(25));

    Client after = bench.connect().after("t", cursor, Map.of(), Optional.of(Duration.ofHours(24)));

    assertThat(after.news()).containsExactly("error FORBIDDEN");
  }

  @Test
  void resumesAtTheEndOfALogThatHasBeenQuietForLong() {
    Bench bench = new Bench();
    bench.log.run("t", "r").start();
    Client before = bench.connect().earliest("t");
    String cursor = before.cursor();
    bench.pass(Duration.ofHours(25));

    Client after = bench.connect().after("t", cursor, Map.of(), Optional.of(Duration.ofHours(24)));

    assertThat(after.news()).containsExactly("subscribed", "live");
  }

  /** Anybody can make a cursor: it is a position, and proves nothing. */
  @ParameterizedTest
  @ValueSource(strings = {"foreign log", "expired", "truncated", "beyond the end"})
  void showsNothingThatIsTooOldWhateverTheCursorSays(String forged) {
    Bench bench = new Bench(SMALL_WINDOW);
    AgentScript agent = bench.log.run("t", "old").start();
    Client before = bench.connect().earliest("t");
    agent.text(15);
    int partition = bench.log.partitionOf("t");
    bench.log.newLeader(partition); // to whose first record an older epoch's cursor is sent
    agent.text(15).finish();
    bench.settle();
    Cursor old = Cursor.decode(oldestCursor(before)).orElseThrow();
    bench.pass(Duration.ofHours(25));
    bench.log.run("t", "new").start().text(2);
    bench.settle();
    long end = bench.log.end(partition);
    if (forged.equals("expired")) {
      bench.log.expire(partition, 5);
    }
    Cursor cursor =
        switch (forged) {
          case "foreign log" ->
              new Cursor(
                  new LogIdentity(Uuid.randomUuid(), Uuid.randomUuid(), old.log().partitions()),
                  partition,
                  end,
                  1,
                  end,
                  old.threadHash());
          case "expired" -> at(old, 0, 0);
          case "truncated" -> at(old, end - 1, 0);
          default -> at(old, end + 1_000, 0);
        };

    Client after =
        bench.connect().after("t", cursor.encode(), Map.of(), Optional.of(Duration.ofHours(24)));

    assertThat(after.news())
        .startsWith("subscribed, not recovered")
        .contains("event new/1/1")
        .noneMatch(news -> news.startsWith("event old"))
        .endsWith("live");
  }

  private static Cursor at(Cursor like, long offset, int leaderEpoch) {
    return new Cursor(
        like.log(), like.partition(), offset, leaderEpoch, Fold.NO_FLOOR, like.threadHash());
  }

  private static String oldestCursor(Client client) {
    return client.outlet.received().stream()
        .filter(Outlet.Event.class::isInstance)
        .findFirst()
        .flatMap(Client::cursor)
        .orElseThrow();
  }

  private static List<String> events(String run, int from, int to) {
    return IntStream.range(from, to).mapToObj(seq -> "event " + run + "/1/" + seq).toList();
  }
}
