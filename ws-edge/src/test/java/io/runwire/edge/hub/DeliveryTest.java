package io.runwire.edge.hub;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.frame.EventFrame;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a client is sent while it follows a thread. */
class DeliveryTest {
  private final Bench bench = new Bench();

  @Test
  void sendsEventsInTheOrderOfTheLog() {
    Client client = bench.connect().latest("t");
    assertThat(client.news()).containsExactly("subscribed", "live");

    bench.log.run("t", "r").start().text(3).finish();

    assertThat(client.news())
        .containsExactly("event r/1/1", "event r/1/2", "event r/1/3", "event r/1/4", "event r/1/5");
  }

  @Test
  void sendsTheBytesThatTheAgentWrote() {
    Client client = bench.connect().latest("t");

    bench.log.run("t", "r").start().content("größer, 日本, \\u0041");

    bench.settle();
    Outlet.Event last =
        (Outlet.Event) client.outlet.received().get(client.outlet.received().size() - 1);
    assertThat(StandardCharsets.UTF_8.decode(last.entry().frame().event()).toString())
        .isEqualTo(
            "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"m\","
                + "\"delta\":\"größer, 日本, \\u0041\"}");
  }

  @Test
  void sendsNothingOfOtherThreads() {
    String neighbour = bench.log.neighbourOf("t");
    Client client = bench.connect().latest("t");
    client.news();

    bench.log.run(neighbour, "other").start().text(2).finish();
    bench.log.run("t", "r").start();

    assertThat(client.news()).containsExactly("event r/1/1");
  }

  /** A loop that was busy elsewhere finds no trace of it in the window. */
  @Test
  void sendsAtOnceWhatTheWindowHasForgottenBeforeTheLoopLookedThere() {
    Bench small = new Bench(2_000);
    Client client = small.connect().latest("t");
    client.news();

    small.log.run("t", "r").start();
    small.log.run(small.log.neighbourOf("t"), "other").start().text(50);

    assertThat(client.news()).containsExactly("event r/1/1");
  }

  @Test
  void sendsOneRunOnlyWhereOneIsAskedFor() {
    Client client = bench.connect().subscribe("t", Optional.of("b"), new Start.Latest());
    client.news();

    AgentScript a = bench.log.run("t", "a").start();
    AgentScript b = bench.log.run("t", "b").start();
    a.text(1).finish();
    b.finish();

    assertThat(client.news()).containsExactly("event b/1/1", "event b/1/2");
  }

  @Test
  void sendsTheSameFrameToAllWhoFollowAThread() {
    Client one = bench.connect().latest("t");
    Client other = bench.connect().latest("t");

    bench.log.run("t", "r").start();
    bench.settle();

    assertThat(lastEvent(one).entry()).isSameAs(lastEvent(other).entry());
  }

  @Test
  void sendsAsManyFramesAsThereAreEventsToHoweverManySockets() {
    List<Client> clients =
        IntStream.range(0, 100)
            .mapToObj(
                i ->
                    i % 2 == 0
                        ? bench.connect().latest("t")
                        : bench.connect().acknowledging("t", new Start.Latest()))
            .toList();

    bench.log.run("t", "r").start().text(98).finish();
    bench.settle();
    bench.pass(Duration.ofSeconds(5)); // half of them are sent everything again

    Set<EventFrame> frames = Collections.newSetFromMap(new IdentityHashMap<>());
    int sent = 0;
    for (Client client : clients) {
      for (Outlet.Outgoing outgoing : client.outlet.received()) {
        if (outgoing instanceof Outlet.Event event) {
          frames.add(event.entry().frame());
          sent++;
        }
      }
    }
    assertThat(sent).isEqualTo(100 * 100 + 50 * 100);
    assertThat(frames).hasSize(100);
  }

  @Test
  void takesTheLatencyOfLiveEventsAlone() {
    AgentScript agent = bench.log.run("t", "r").start();
    bench.pass(Duration.ofMinutes(1));
    bench.connect().earliest("t");
    assertThat(bench.metrics.latencies).isEmpty();

    bench.log.holdTail();
    agent.text(1);
    bench.pass(Duration.ofMillis(7));
    bench.log.releaseTail();
    bench.settle();

    assertThat(bench.metrics.latencies).containsExactly(7L);
    assertThat(bench.metrics.delivered).isEqualTo(2);
  }

  @Test
  void gathersWhatWaitedIntoOneWrite() {
    Client client = bench.connect().latest("t");
    client.outlet.stall();
    AgentScript agent = bench.log.run("t", "r").start();
    bench.settle();

    agent.text(20);
    client.outlet.flow();
    bench.settle();

    List<List<Outlet.Outgoing>> writes = client.outlet.writes();
    assertThat(writes.get(writes.size() - 1)).hasSize(20);
  }

  @Test
  void sendsAnEventThatIsLargerThanABatch() {
    Client client = bench.connect().latest("t");
    client.outlet.stall();
    AgentScript agent = bench.log.run("t", "r").start();
    bench.settle();

    agent.content("x".repeat(100_000)).content("y".repeat(100_000)).text(1);
    client.outlet.flow();

    assertThat(client.news()).endsWith("event r/1/1", "event r/1/2", "event r/1/3", "event r/1/4");
  }

  private static Outlet.Event lastEvent(Client client) {
    List<Outlet.Outgoing> received = client.outlet.received();
    return (Outlet.Event) received.get(received.size() - 1);
  }
}
