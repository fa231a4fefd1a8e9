package io.runwire.edge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.fold.Verdict;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The router's output holds records more than once; a reader sees them once. */
class ReplayedRecordsTest {
  private final Bench bench = new Bench();
  private final int partition = bench.log.partitionOf("t");

  @Test
  void aLiveReaderSeesAReplayedRecordOnce() {
    Client client = bench.connect().latest("t");
    AgentScript agent = bench.log.run("t", "r").start().text(4);
    client.news();

    bench.log.replayLast(partition, 5);
    agent.finish();

    assertThat(client.news()).containsExactly("event r/1/6");
    assertThat(bench.metrics.verdicts).filteredOn(Verdict.REPEATED::equals).hasSize(5);
  }

  @Test
  void aReaderFromTheBeginningSeesThemOnce() {
    AgentScript agent = bench.log.run("t", "r").start().text(1);
    bench.log.replayLast(partition, 2);
    agent.finish();

    assertThat(bench.connect().earliest("t").news())
        .containsExactly("subscribed", "event r/1/1", "event r/1/2", "event r/1/3", "live");
  }

  @Test
  void aReaderThatResumesBetweenTheTwoSeesThemOnceThoughItNamesNoRuns() {
    Client before = bench.connect().latest("t");
    AgentScript agent = bench.log.run("t", "r").start().text(4);
    bench.settle();
    before.connection.closed();
    bench.log.replayLast(partition, 5);
    agent.finish();

    Client after = bench.connect().after("t", before.cursor());

    assertThat(after.news()).containsExactly("subscribed", "event r/1/6", "live");
  }

  @Test
  void aReaderThatFilteredARunSeesThemOnce() {
    Client client = bench.connect().subscribe("t", Optional.of("b"), new Start.Latest());
    AgentScript a = bench.log.run("t", "a").start();
    AgentScript b = bench.log.run("t", "b").start();
    a.text(2);
    b.text(1);
    client.news();

    bench.log.replayLast(partition, 5);
    b.finish();

    assertThat(client.news()).containsExactly("event b/1/3");
  }

  @Test
  void anOlderAttemptIsSilentOnceANewerHasBegun() {
    Client client = bench.connect().latest("t");
    AgentScript agent = bench.log.run("t", "r").start().text(1);
    agent.retry().text(1);
    assertThat(client.news())
        .endsWith("event r/1/1", "event r/1/2", "event r/1/3", "event r/2/1", "event r/2/2");

    bench.log.replayLast(partition, 5);
    agent.finish();

    assertThat(client.news()).containsExactly("event r/2/3");
  }
}
