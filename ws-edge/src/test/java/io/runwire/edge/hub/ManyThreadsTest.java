package io.runwire.edge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.frame.ErrorCode;
import io.runwire.frame.ServerFrame;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** One socket carries many threads. */
class ManyThreadsTest {
  private final Bench bench = new Bench();

  @Test
  void aFloodOnOneThreadDoesNotStarveAnother() {
    bench.log.run("flood", "f").start().text(5_000);
    bench.log.run("quiet", "q").start();
    Client client = bench.connect();
    client.outlet.stall();
    client.earliest("flood").earliest("quiet");

    int writes = 0;
    while (!client.news().contains("event q/1/1")) {
      client.outlet.drain();
      bench.settle();
      writes++;
    }

    assertThat(writes).isLessThanOrEqualTo(4);
  }

  @Test
  void aFloodThatIsSentAgainDoesNotStarveAnother() {
    Client client = bench.connect().acknowledging("flood", new Start.Latest()).latest("quiet");
    bench.log.run("flood", "f").start().text(255);
    client.news();
    client.outlet.stall();
    bench.pass(Bench.RETRIES.deadline()); // for want of an ack

    bench.log.run("quiet", "q").start();
    int writes = 0;
    while (!client.news().contains("event q/1/1")) {
      client.outlet.drain();
      bench.settle();
      writes++;
    }

    assertThat(bench.metrics.redelivered).isPositive();
    assertThat(writes).isLessThanOrEqualTo(2);
  }

  @Test
  void aThreadThatWaitsForAnAckDoesNotHoldUpAnother() {
    Client client = bench.connect().acknowledging("full", new Start.Latest()).latest("quiet");
    AgentScript agent = bench.log.run("full", "f").start().text(255);
    client.news();

    agent.text(100);
    bench.log.run("quiet", "q").start();

    assertThat(client.news()).containsExactly("event q/1/1");
  }

  @Test
  void aFloodDoesNotStarveAnotherBehindAStall() {
    Client client = bench.connect().latest("flood").latest("quiet");
    client.news();
    client.outlet.stall();
    bench.log.run("flood", "f").start().text(5_000);
    bench.settle();
    bench.pass(Bench.RETRIES.deadline());
    assertThat(bench.metrics.stalled).isEqualTo(1);
    bench.log.run("quiet", "q").start();

    client.outlet.drain(); // what it had stalled with
    bench.settle();

    assertThat(client.outlet.inFlight().orElseThrow()).anyMatch(event -> isOf(event, "quiet"));
  }

  @Test
  void twoFloodsShareABatch() {
    Client client = bench.connect().latest("a").latest("b");
    client.outlet.stall();
    bench.log.run("a", "x").start();
    bench.settle();
    bench.log.run("a", "y").start().text(100);
    bench.log.run("b", "z").start().text(100);

    client.outlet.drain();
    bench.settle();

    List<Outlet.Outgoing> batch = client.outlet.inFlight().orElseThrow();
    long ofA = batch.stream().filter(event -> isOf(event, "a")).count();
    assertThat(batch).hasSizeGreaterThan(8);
    assertThat(ofA).isBetween(batch.size() / 2 - 8L, batch.size() / 2 + 8L);
  }

  @Test
  void aThreadIsFollowedOnceByAConnection() {
    Client client = bench.connect().latest("t");
    client.news();

    client.latest("t");

    assertThat(client.news()).containsExactly("error ALREADY_SUBSCRIBED");
    bench.log.run("t", "r").start();
    assertThat(client.news()).containsExactly("event r/1/1");
  }

  @Test
  void aThreadThatIsNotFollowedCannotBeLeft() {
    Client client = bench.connect();

    client.connection.unsubscribe(7, "t");

    assertThat(client.news()).containsExactly("error NOT_SUBSCRIBED");
    assertThat(client.last(ServerFrame.Error.class).id()).isEqualTo(7);
  }

  @Test
  void aThreadThatWasLeftIsSilentAndMayBeFollowedAgain() {
    Client client = bench.connect().latest("t");
    client.connection.unsubscribe(7, "t");
    assertThat(client.news()).endsWith("unsubscribed");
    assertThat(client.last(ServerFrame.Unsubscribed.class).id()).isEqualTo(7);

    bench.log.run("t", "r").start();
    assertThat(client.news()).isEmpty();

    assertThat(client.latest("t").news()).containsExactly("subscribed", "live");
  }

  @Test
  void aConnectionFollowsNoMoreThreadsThanItMay() {
    Client client = bench.connect();
    for (int i = 0; i < Bench.MAX_SUBSCRIPTIONS; i++) {
      client.latest("t" + i);
    }
    client.news();

    assertThat(client.latest("one-more").news()).containsExactly("error TOO_MANY_SUBSCRIPTIONS");

    client.connection.unsubscribe(2, "t0");
    assertThat(client.latest("one-more").news())
        .containsExactly("unsubscribed", "subscribed", "live");
  }

  @Test
  void aRightThatIsLostEndsItsSubscriptionsAndNoOthers() {
    Client client = bench.connect().latest("mine").latest("theirs");
    client.news();

    client.connection.keepOnly(Set.of("mine")::contains, thread -> false);

    assertThat(client.news()).containsExactly("error FORBIDDEN", "unsubscribed");
    assertThat(client.last(ServerFrame.Error.class).code()).isEqualTo(ErrorCode.FORBIDDEN);
    assertThat(client.last(ServerFrame.Unsubscribed.class))
        .isEqualTo(new ServerFrame.Unsubscribed(null, "theirs"));
    bench.log.run("theirs", "r").start();
    bench.log.run("mine", "r").start();
    assertThat(client.news()).containsExactly("event r/1/1");
  }

  @Test
  void aRightToHistoryThatIsLostEndsWhatIsStillReadingIt() {
    bench.log.run("behind", "r").start().text(200);
    bench.log.run("level", "r").start().text(2);
    Client client = bench.connect().earliest("level");
    assertThat(client.news()).endsWith("live");
    client.outlet.stall();
    client.earliest("behind");

    client.connection.keepOnly(thread -> true, thread -> false);
    client.outlet.flow();

    assertThat(client.news()).containsSubsequence("error FORBIDDEN", "unsubscribed");
    assertThat(client.last(ServerFrame.Unsubscribed.class).thread()).isEqualTo("behind");
    bench.log.run("level", "s").start();
    assertThat(client.news()).containsExactly("event s/1/1");
  }

  private static boolean isOf(Outlet.Outgoing outgoing, String thread) {
    return outgoing instanceof Outlet.Event event && event.entry().thread().equals(thread);
  }
}
