package io.runwire.edge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.frame.ErrorCode;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The log is away for a while. */
class OutageTest {
  private static final int SMALL_WINDOW = 2_000; // some three records
  private static final Duration A_WHILE = Duration.ofSeconds(2);

  private final Bench bench = new Bench(SMALL_WINDOW);

  @Test
  void aNewSubscriptionIsToldOnceAndServedWhenTheLogIsBack() {
    bench.log.away(true);
    Client client = bench.connect().latest("t");
    for (int i = 0; i < 5; i++) {
      bench.pass(A_WHILE);
    }
    assertThat(client.news()).containsExactly("error LOG_UNAVAILABLE");

    bench.log.away(false);
    bench.pass(A_WHILE);

    assertThat(client.news()).containsExactly("subscribed", "live");
  }

  @Test
  void aClockThatIsPutBackDoesNotMakeItLast() {
    bench.log.away(true);
    Client client = bench.connect().latest("t");
    bench.pass(A_WHILE);
    bench.log.away(false);

    bench.clock.advance(Duration.ofHours(-1));
    bench.tick();

    assertThat(client.news()).containsExactly("error LOG_UNAVAILABLE", "subscribed", "live");
  }

  @Test
  void aReaderOfHistoryIsToldOnceAndGoesOnWhereItStood() {
    AgentScript agent = bench.log.run("t", "r").start().text(9);
    bench.log.recordsPerChunk(2);
    bench.log.historyAway(true);
    Client client = bench.connect().earliest("t");
    for (int i = 0; i < 5; i++) {
      bench.pass(A_WHILE);
    }
    assertThat(client.news()).containsExactly("subscribed", "error LOG_UNAVAILABLE");

    bench.log.historyAway(false);
    bench.pass(A_WHILE);
    agent.text(1);

    assertThat(client.news()).startsWith("event r/1/1", "event r/1/2").endsWith("event r/1/11");
  }

  @Test
  void theNextOutageIsToldAgain() {
    bench.log.run("t", "r").start().text(9);
    bench.log.recordsPerChunk(2);
    Client client = bench.connect().latest("t");
    client.news();

    for (int outage = 0; outage < 2; outage++) {
      bench.log.away(true);
      bench.log.reopen(bench.log.partitionOf("t"));
      bench.pass(A_WHILE);
      assertThat(client.news()).containsExactly("error LOG_UNAVAILABLE");
      bench.log.away(false);
      bench.pass(A_WHILE);
      client.news();
    }
    assertThat(bench.metrics.outages)
        .containsExactly(ErrorCode.LOG_UNAVAILABLE, ErrorCode.LOG_UNAVAILABLE);
  }

  @Test
  void whoIsLiveIsToldOnceAnOutageAndGoesOn() {
    AgentScript agent = bench.log.run("t", "r").start();
    Client client = bench.connect().latest("t");
    client.news();

    for (int outage = 1; outage <= 2; outage++) {
      bench.log.away(true);
      for (int i = 0; i < 5; i++) {
        bench.pass(A_WHILE);
      }
      assertThat(client.news()).containsExactly("error LOG_UNAVAILABLE");
      bench.log.away(false);
      bench.pass(A_WHILE);
      assertThat(client.news()).as("it is over").containsExactly("live");
      agent.text(1);
      assertThat(client.news()).containsExactly("event r/1/" + (outage + 1));
    }
  }

  @Test
  void aSubscriptionWhoseWindowDoesNotOpenIsToldSo() {
    bench.log.holdTail();
    Client client = bench.connect().latest("t");

    for (int second = 0; second < 20; second++) {
      bench.pass(Duration.ofSeconds(1));
    }
    assertThat(client.news()).containsExactly("error LOG_UNAVAILABLE");
    bench.log.releaseTail();
    bench.tick();

    assertThat(client.news()).containsExactly("subscribed", "live");
  }

  @Test
  void aLateAnswerToASubscriptionThatIsGoneIsIgnored() {
    ManualExecutor answers = new ManualExecutor();
    bench.log.answerOn(answers);
    Client client = bench.connect().latest("t");
    client.connection.unsubscribe(2, "t");
    bench.settle();

    answers.runOne();
    client.latest("t");
    while (answers.runOne()) {
      bench.settle();
    }

    assertThat(client.news()).containsExactly("unsubscribed", "subscribed", "live");
  }
}
