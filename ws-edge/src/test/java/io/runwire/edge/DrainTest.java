package io.runwire.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.runwire.edge.bounds.Network;
import io.runwire.edge.bounds.Place;
import io.runwire.edge.ops.Drain;
import io.runwire.frame.CloseCode;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An edge goes away. */
class DrainTest {
  private static final int CLIENTS = 12;
  private static final Duration WAIT = Duration.ofSeconds(5);
  private static final Duration WAVE = Duration.ofSeconds(1);
  private static final Duration GRACE = Duration.ofSeconds(20);
  private static final String STREAM = "/v1/threads/t/events";

  private final List<SocketClient> clients = new ArrayList<>();
  private TestEdge edge;

  @BeforeEach
  void start() throws Exception {
    edge =
        TestEdge.start(
            Map.of(
                "connections.per.user", "100", "drain.over.ms", "7000", "drain.grace.ms", "20000"));
  }

  @AfterEach
  void stop() throws Exception {
    clients.forEach(SocketClient::close);
    edge.close();
  }

  @Test
  void servesOnUntilBalancersHaveNoticed() throws Exception {
    edge.drain.begin();
    assertThat(edge.drain.ready()).isFalse();
    edge.timer.advance(WAIT.minusMillis(1));

    client().exchangePing();

    assertThat(edge.drain.state()).isEqualTo(Drain.State.UNREADY);
  }

  @Test
  void thenClosesThePortAndSendsClientsAwayInWaves() throws Exception {
    for (int i = 0; i < CLIENTS; i++) {
      client();
    }
    int port = edge.port();
    edge.drain.begin();
    edge.timer.advance(WAIT);

    // The kernel closes it when the acceptor has left its call.
    await()
        .untilAsserted(
            () ->
                assertThatThrownBy(() -> new Socket("127.0.0.1", port).close())
                    .isInstanceOf(ConnectException.class));
    int wave = 2; // of 12 in 6; a seventh only closes
    for (int left = CLIENTS; left > 0; left -= wave) {
      int expected = left - wave;
      assertThat(edge.bounds.places().all()).hasSize(left);
      edge.timer.advance(WAVE);
      await().until(() -> edge.bounds.places().all().size() == expected);
    }
    edge.timer.advance(WAVE);

    assertThat(edge.drain.drained()).isCompleted();
    Set<Long> told = new HashSet<>();
    for (SocketClient client : clients) {
      told.add(client.expect("draining").path("retryAfterMs").asLong());
      assertThat(client.closeCode()).isEqualTo(1012);
    }
    assertThat(told).as("each its own time").hasSizeGreaterThan(CLIENTS / 2);
    assertThat(told).allMatch(ms -> ms >= 1 && ms <= WAVE.toMillis());
  }

  @Test
  void aStreamIsToldWhenToComeBackAndEnds() throws Exception {
    try (SseClient stream = SseClient.open(edge, STREAM, edge.mint.all())) {
      stream.next();
      assertThat(stream.next()).startsWith("event: live");
      edge.drain.begin();
      edge.timer.advance(WAIT);

      assertThat(stream.next()).matches("retry: \\d{1,4}");
      edge.timer.advance(WAVE);

      assertThat(stream.ended()).isTrue();
    }
  }

  @Test
  void nobodyIsWaitedForWhenNobodyIsThere() {
    edge.drain.begin();
    edge.drain.begin();
    edge.timer.advance(WAIT);

    assertThat(edge.drain.drained()).isCompleted();
  }

  @Test
  void whoDoesNotLeaveIsWaitedForNoLongerThanTheGrace() {
    List<CloseCode> closes = new ArrayList<>();
    Place stuck =
        new Place(Place.Kind.WEBSOCKET, new Network("192.0.2.1"), closes::add, frame -> {});
    assertThat(edge.bounds.places().settle(stuck, "u")).isEmpty();

    edge.drain.begin();
    edge.timer.advance(GRACE.minusMillis(1));
    assertThat(closes).containsExactly(CloseCode.DRAINED);
    assertThat(edge.drain.drained()).isNotCompleted();
    edge.timer.advance(Duration.ofMillis(1));

    assertThat(edge.drain.drained()).isCompleted();
    assertThat(closes).containsExactly(CloseCode.DRAINED, CloseCode.DRAINED);
  }

  private SocketClient client() throws Exception {
    SocketClient client = SocketClient.authenticated(edge, edge.mint.all());
    clients.add(client);
    return client;
  }
}
