package io.runwire.edge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.cursor.Cursor;
import io.runwire.frame.ServerFrame;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The cursor of a quiet thread moves on, so that it does not rot. */
class LiveNoticeTest {
  private final Bench bench = new Bench(64 << 20);
  private final AgentScript noise = bench.log.run(bench.log.neighbourOf("t"), "noise").start();

  @Test
  void comesOnceWhenReplayHasCaughtUp() {
    bench.log.run("t", "r").start().text(2);
    Client client = bench.connect().earliest("t");
    assertThat(client.news()).endsWith("event r/1/3", "live");

    bench.log.run("t", "s").start();
    bench.tick();

    assertThat(client.news()).containsExactly("event s/1/1");
  }

  @Test
  void carriesThePositionThatWasScanned() {
    bench.log.run("t", "r").start();
    noise.text(5);
    Client client = bench.connect().earliest("t");
    bench.settle();

    Cursor cursor = client.last(ServerFrame.Live.class).cursor();
    assertThat(cursor.offset()).isEqualTo(bench.log.end(bench.log.partitionOf("t")));
    assertThat(cursor.isOf("t")).isTrue();
  }

  @Test
  void comesAgainAfterTenSecondsInWhichOtherThreadsMovedOn() {
    Client client = bench.connect().latest("t");
    client.news();
    noise.text(3);

    bench.pass(Duration.ofSeconds(9));
    assertThat(client.news()).isEmpty();
    bench.pass(Duration.ofSeconds(1));

    assertThat(client.news()).containsExactly("live");
    assertThat(Cursor.decode(client.cursor()).orElseThrow().offset()).isEqualTo(4);
  }

  @Test
  void comesNotAgainWhereNothingMoved() {
    Client client = bench.connect().latest("t");
    client.news();

    bench.pass(Duration.ofMinutes(5));

    assertThat(client.news()).isEmpty();
  }

  @Test
  void comesAgainAfterTenThousandRecordsOfOthers() {
    Client client = bench.connect().latest("t");
    client.news();

    noise.text(9_999);
    bench.tick();
    assertThat(client.news()).isEmpty();
    noise.text(1);
    bench.tick();

    assertThat(client.news()).containsExactly("live");
  }

  @Test
  void isACursorToResumeFrom() {
    Client before = bench.connect().latest("t");
    noise.text(3);
    bench.pass(Duration.ofSeconds(10));
    String cursor = before.cursor();
    before.connection.closed();
    bench.log.run("t", "r").start();

    assertThat(bench.connect().after("t", cursor).news())
        .containsExactly("subscribed", "event r/1/1", "live");
  }
}
