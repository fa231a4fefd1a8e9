package io.runwire.edge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.cursor.Cursor;
import io.runwire.frame.ServerFrame;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Where a subscription without a cursor begins. */
class StartTest {
  private final Bench bench = new Bench();

  @Test
  void earliestReadsTheWholeLog() {
    bench.log.run("t", "old").start().finish();
    bench.log.run("t", "new").start();

    assertThat(bench.connect().earliest("t").news())
        .containsExactly("subscribed", "event old/1/1", "event old/1/2", "event new/1/1", "live");
  }

  @Test
  void latestReadsWhatComes() {
    AgentScript agent = bench.log.run("t", "r").start().text(1);
    Client client = bench.connect().latest("t");
    assertThat(client.news()).containsExactly("subscribed", "live");

    agent.text(1);
    bench.log.run("t", "s").start();

    assertThat(client.news()).containsExactly("event r/1/3", "event s/1/1");
  }

  @Test
  void latestIsNotFooledByACrashReplayOfWhatWasBefore() {
    bench.log.run("t", "r").start().text(3);
    Client client = bench.connect().latest("t");
    client.news();

    bench.log.replayLast(bench.log.partitionOf("t"), 4);

    assertThat(client.news()).isEmpty();
  }

  @Test
  void latestSkipsWhatAgentsWroteBeforeThoughItIsRoutedLater() {
    AgentScript agent = bench.log.run("t", "r").start();
    bench.log.holdRouter();
    agent.text(2);
    Client client = bench.connect().latest("t");
    client.news();

    agent.text(2);
    bench.log.releaseRouter();

    assertThat(client.news()).containsExactly("event r/1/4", "event r/1/5");
  }

  @Test
  void latestGetsEverythingThatIsWrittenBehindItsSubscribed() {
    ManualExecutor answers = new ManualExecutor();
    bench.log.answerOn(answers);
    Client client = bench.connect().latest("t");
    while (answers.runOne()) {
      // The log has said where it ends; the loop does not know yet.
    }
    bench.log.run("t", "r").start().text(1);

    assertThat(client.news()).containsExactly("subscribed", "event r/1/1", "event r/1/2", "live");
  }

  @Test
  void openBeginsWhereTheLedgerSaysThatTheOldestOpenRunBegan() {
    bench.log.run("t", "done").start().finish();
    long offset = bench.log.end(bench.log.partitionOf("t"));
    bench.ledger.put("t", new OpenRuns.Start(offset, offset - 1));
    bench.log.run("t", "going").start().text(1);

    assertThat(bench.connect().open("t").news())
        .containsExactly("subscribed", "event going/1/1", "event going/1/2", "live");
  }

  @Test
  void openIsToldWhenTheLedgerIsAwayAndGoesOnAsking() {
    Client client = bench.connect().open("t");
    assertThat(client.news()).containsExactly("error LEDGER_UNAVAILABLE");

    bench.pass(Duration.ofSeconds(2));
    assertThat(client.news()).isEmpty();
    bench.ledger.put("t", new OpenRuns.Start(0, -1));
    bench.pass(Duration.ofSeconds(2));

    assertThat(client.news()).containsExactly("subscribed", "live");
  }

  @Test
  void subscribedNamesThePositionFromWhichReadingStarts() {
    bench.log.newLeader(bench.log.partitionOf("t"));
    bench.log.run("t", "r").start().text(4);
    bench.log.newLeader(bench.log.partitionOf("t"));
    Client client = bench.connect().latest("t");
    bench.settle();

    Cursor cursor = client.last(ServerFrame.Subscribed.class).cursor();
    assertThat(cursor.offset()).isEqualTo(5);
    assertThat(cursor.leaderEpoch()).as("of the last record").isEqualTo(1);
    assertThat(cursor.sourceOffset()).isEqualTo(4);
    assertThat(cursor.isOf("t")).isTrue();
    assertThat(cursor.log()).isEqualTo(bench.log.identity());
  }

  @Test
  void waitsForTheWindowToOpen() {
    bench.log.holdTail();
    Client client = bench.connect().earliest("t");
    bench.log.run("t", "r").start();
    assertThat(client.news()).isEmpty();

    bench.log.releaseTail();

    assertThat(client.news()).containsExactly("subscribed", "event r/1/1", "live");
  }
}
