package io.runwire.edge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** An edge owns the partitions that somebody follows. */
class AttachmentsTest {
  private final Bench bench = new Bench();
  private final int partition = bench.log.partitionOf("t");

  @Test
  void aPartitionIsAttachedWithItsFirstSubscription() {
    assertThat(bench.attachments.count()).isZero();

    bench.connect().latest("t");

    assertThat(bench.log.isAttached(partition)).isTrue();
    assertThat(bench.attachments.count()).isEqualTo(1);
  }

  @Test
  void aPartitionIsReleasedSomeTimeAfterItsLastSubscription() {
    Client one = bench.connect().latest("t");
    Client other = bench.connect().latest("t");
    one.connection.closed();
    other.connection.closed();
    bench.settle();

    bench.timer.advance(Bench.LINGER.minusMillis(1));
    assertThat(bench.log.isAttached(partition)).isTrue();
    assertThat(bench.attachments.count()).isEqualTo(1);
    bench.timer.advance(Duration.ofMillis(1));

    assertThat(bench.log.isAttached(partition)).isFalse();
    assertThat(bench.attachments.count()).isZero();
  }

  @Test
  void aPartitionStaysWhileSomebodyFollowsIt() {
    Client one = bench.connect().latest("t");
    bench.connect().latest(bench.log.neighbourOf("t"));
    one.connection.closed();
    bench.settle();

    bench.timer.advance(Bench.LINGER.multipliedBy(2));

    assertThat(bench.log.isAttached(partition)).isTrue();
  }

  @Test
  void whoComesBackInTimeFindsTheWindowAsItWas() {
    Client before = bench.connect().latest("t");
    bench.log.run("t", "r").start();
    bench.settle();
    before.connection.closed();
    bench.settle();
    bench.timer.advance(Bench.LINGER.dividedBy(2));

    Client after = bench.connect().after("t", before.cursor());
    bench.timer.advance(Bench.LINGER.multipliedBy(2));
    bench.log.run("t", "s").start();

    assertThat(after.news()).containsExactly("subscribed", "live", "event s/1/1");
    assertThat(bench.log.isAttached(partition)).isTrue();
    assertThat(bench.attachments.count()).isEqualTo(1);
  }

  @Test
  void whoComesTooLateHasItAttachedAgain() {
    Client before = bench.connect().latest("t");
    AgentScript agent = bench.log.run("t", "r").start();
    bench.settle();
    before.connection.closed();
    bench.settle();
    bench.timer.advance(Bench.LINGER);
    agent.text(2);

    Client after = bench.connect().after("t", before.cursor());

    assertThat(after.news()).containsExactly("subscribed", "event r/1/2", "event r/1/3", "live");
  }
}
