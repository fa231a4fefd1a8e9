package io.runwire.edge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.cursor.Cursor;
import io.runwire.fold.RunPosition;
import io.runwire.frame.GapReason;
import io.runwire.frame.ServerFrame;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What cannot be read any more is told, never passed over. */
class GapTest {
  private static final int SMALL_WINDOW = 2_000; // some three records

  private final Bench bench = new Bench(SMALL_WINDOW);
  private final int partition = bench.log.partitionOf("t");

  @Test
  void aResumeBehindRetentionIsToldWhatExpiredAndGoesOnFromTheOldest() {
    AgentScript agent = bench.log.run("t", "r").start();
    Client before = bench.connect().earliest("t");
    String cursor = before.cursor();
    before.connection.closed();
    agent.text(20);
    bench.log.expire(partition, 15);

    Client after = bench.connect().after("t", cursor);

    assertThat(after.news())
        .startsWith("subscribed, not recovered", "gap EXPIRED", "event r/1/16", "event r/1/17")
        .endsWith("live");
    ServerFrame.Gap gap = after.last(ServerFrame.Gap.class);
    assertThat(gap.from()).isEqualTo(cursor);
    assertThat(gap.to().offset()).isEqualTo(15);
    assertThat(bench.gaps(GapReason.EXPIRED)).isEqualTo(1);
  }

  @Test
  void aSlowSocketIsToldWhatExpiredUnderIt() {
    Client slow = bench.connect().latest("t");
    AgentScript agent = bench.log.run("t", "r").start();
    slow.news();
    slow.outlet.stall();
    agent.text(1);
    bench.settle();
    agent.text(20);
    bench.log.expire(partition, 15);

    slow.outlet.flow();
    bench.settle();
    bench.pass(Duration.ofSeconds(2));

    assertThat(slow.news())
        .startsWith("event r/1/2")
        .containsSubsequence("gap EXPIRED", "event r/1/16", "event r/1/17", "event r/1/22")
        .doesNotContain("event r/1/15");
    assertThat(Cursor.decode(String.valueOf(slow.last(ServerFrame.Gap.class).from())))
        .map(Cursor::offset)
        .contains(2L);
  }

  @Test
  void aLiveClientIsToldThatTheLogWasTruncatedUnderIt() {
    Client client = bench.connect().latest("t");
    AgentScript agent = bench.log.run("t", "r").start().text(5);
    client.news();

    bench.log.truncate(partition, 3);
    assertThat(client.news()).containsExactly("gap TRUNCATED", "live");

    agent.text(1);
    assertThat(client.news()).containsExactly("event r/1/7");
  }

  @Test
  void aResumeBehindTheTruncatedEndIsToldWhereTheLogDiverged() {
    Client before = bench.connect().latest("t");
    AgentScript agent = bench.log.run("t", "r").start().text(9);
    bench.settle();
    before.connection.closed();
    bench.log.truncate(partition, 4);
    agent.text(1);

    Client after =
        bench
            .connect()
            .after("t", before.cursor(), Map.of("r", RunPosition.at(1, 10)), Optional.empty());

    assertThat(after.news())
        .containsExactly("subscribed, not recovered", "gap TRUNCATED", "event r/1/11", "live");
    assertThat(after.last(ServerFrame.Gap.class).to().offset()).isEqualTo(4);
  }

  @Test
  void aTruncationIsSeenByItsEpochWhereTheLogHasGrownPastTheCursorAgain() {
    Client before = bench.connect().latest("t");
    AgentScript agent = bench.log.run("t", "r").start().text(9);
    bench.settle();
    before.connection.closed();
    bench.log.truncate(partition, 4);
    agent.text(20);

    Client after = bench.connect().after("t", before.cursor());

    assertThat(after.news()).startsWith("subscribed, not recovered", "gap TRUNCATED");
  }

  @Test
  void aClientAtLatestThatHasReceivedNothingIsToldOfATruncationThatHasGrownOverAgain() {
    AgentScript agent = bench.log.run("t", "r").start().text(5);
    Client client = bench.connect().latest("t");
    assertThat(client.news()).containsExactly("subscribed", "live");

    bench.log.truncate(partition, 3);
    agent.text(9);

    assertThat(client.news())
        .startsWith("gap TRUNCATED", "event r/1/7", "event r/1/8")
        .endsWith("event r/1/15", "live");
    assertThat(client.last(ServerFrame.Gap.class).to().offset()).isEqualTo(3);
  }

  @Test
  void aClientWhoseOpenRunsTheLedgerKnowsIsToldOfATruncationBeforeItsFirstEvent() {
    AgentScript agent = bench.log.run("t", "r").start().text(5);
    bench.ledger.put("t", new OpenRuns.Start(6, 5));
    Client client = bench.connect().open("t");
    assertThat(client.news()).containsExactly("subscribed", "live");

    bench.log.truncate(partition, 3);
    agent.text(9);

    assertThat(client.news()).startsWith("gap TRUNCATED", "event r/1/7");
  }

  @Test
  void aClientWhoseThreadWasQuietIsToldOfATruncationOfTheRecordThatWasScannedLast() {
    Client client = bench.connect().latest("t");
    client.news();
    bench.log.run(bench.log.neighbourOf("t"), "noise").start().text(5);
    bench.pass(Duration.ofSeconds(10));
    assertThat(client.news()).containsExactly("live");

    bench.log.truncate(partition, 3);
    bench.log.run("t", "r").start().text(9);

    assertThat(client.news()).startsWith("gap TRUNCATED", "event r/1/1");
  }

  @Test
  void aSecondTruncationIsToldThoughNothingCameAfterTheFirst() {
    AgentScript agent = bench.log.run("t", "r").start().text(9);
    Client client = bench.connect().latest("t");
    client.news();
    bench.log.truncate(partition, 7);
    assertThat(client.news()).containsExactly("gap TRUNCATED", "live");

    bench.log.truncate(partition, 3);
    agent.text(9);

    assertThat(client.news()).startsWith("gap TRUNCATED", "event r/1/11");
    assertThat(client.last(ServerFrame.Gap.class).to().offset()).isEqualTo(3);
  }

  @Test
  void openRunsThatBeganBeforeTheOldestRecordAreToldAsExpired() {
    bench.log.run("t", "r").start().text(9);
    bench.ledger.put("t", new OpenRuns.Start(0, -1));
    bench.log.expire(partition, 7);

    assertThat(bench.connect().open("t").news())
        .containsExactly(
            "subscribed, not recovered",
            "gap EXPIRED",
            "event r/1/8",
            "event r/1/9",
            "event r/1/10",
            "live");
  }

  @Test
  void anotherLeaderIsNoTruncationForAClientWhoseThreadWasQuietMeanwhile() {
    bench.log.run("t", "r").start();
    bench.log.newLeader(partition);
    AgentScript noise = bench.log.run(bench.log.neighbourOf("t"), "noise").start().text(5);
    Client before = bench.connect().earliest("t");
    assertThat(before.news()).containsExactly("subscribed", "event r/1/1", "live");
    before.connection.closed();
    noise.text(5);
    bench.log.reopen(partition);

    Client after = bench.connect().after("t", before.cursor());

    assertThat(after.news()).containsExactly("subscribed", "live");
  }

  @Test
  void aCursorOfAnotherLogStartsAnewAndSaysSo() {
    Client before = bench.connect().latest("t");
    bench.log.run("t", "r").start().text(9);
    bench.settle();
    before.connection.closed();
    bench.log.recreate();
    bench.log.run("t", "s").start();

    Client after = bench.connect().after("t", before.cursor());

    assertThat(after.news())
        .containsExactly("subscribed, not recovered", "gap FOREIGN_LOG", "event s/1/1", "live");
    assertThat(after.last(ServerFrame.Gap.class).to().log()).isEqualTo(bench.log.identity());
  }

  @Test
  void aLiveClientIsToldThatTheTopicsWereCreatedAgain() {
    Client client = bench.connect().latest("t");
    bench.log.run("t", "r").start().text(9);
    client.news();

    bench.log.recreate();
    assertThat(client.news()).containsExactly("gap FOREIGN_LOG", "live");

    bench.log.run("t", "s").start();
    assertThat(client.news()).containsExactly("event s/1/1");
    assertThat(Cursor.decode(client.cursor()).orElseThrow().log()).isEqualTo(bench.log.identity());
  }

  @Test
  void whatWasHandedOnBeforeAGapIsNotHandedOnAgainBehindIt() {
    Client client = bench.connect().latest("t");
    AgentScript agent = bench.log.run("t", "r").start().text(4);
    client.news();

    bench.log.truncate(partition, 2);
    client.news();
    bench.log.replayLast(partition, 4);
    agent.finish();

    assertThat(client.news()).containsExactly("event r/1/6");
  }

  @Test
  void aWindowThatIsOpenedAgainHasPositionsLocatedAnewAndLosesNothing() {
    Client client = bench.connect().latest("t");
    AgentScript agent = bench.log.run("t", "r").start();
    client.news();

    bench.log.holdTail();
    agent.text(2);
    bench.log.releaseTail();
    bench.log.reopen(partition);
    agent.text(1);

    assertThat(client.news()).containsExactly("event r/1/2", "event r/1/3", "event r/1/4");
    assertThat(bench.metrics.gaps).isEmpty();
  }
}
