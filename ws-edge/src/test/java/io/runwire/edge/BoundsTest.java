package io.runwire.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runwire.edge.SocketClient.Introduction;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many an edge lets in, and how much it lets them do. */
class BoundsTest {
  private static final String STREAM = "/v1/threads/t/events";
  private static final Duration TTL = Duration.ofHours(1);
  private static final String PING = "{\"op\":\"ping\"}";
  private static final String GET = "GET /v1/route?thread=t HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String SUBPROTOCOL = "Sec-WebSocket-Protocol: runwire.v1";

  private final List<AutoCloseable> opened = new ArrayList<>();

  @SuppressWarnings("NullAway.Init") // each test starts its own
  private TestEdge edge;

  @AfterEach
  void stop() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  @Test
  void aUsersOldestSocketIsReplacedAndHisStreamsCountAlike() throws Exception {
    start(Map.of("connections.per.user", "2"));
    SocketClient first = socket("u1");
    SseClient second = stream("u1");
    SocketClient other = socket("u2");

    SocketClient third = socket("u1");

    assertThat(first.closeCode()).isEqualTo(4504);
    stream("u1");
    assertThat(second.next()).startsWith("id: ");
    assertThat(second.next()).startsWith("event: live");
    assertThat(second.ended()).isTrue();
    third.exchangePing();
    other.exchangePing();
    assertThat(edge.metrics.scrape())
        .contains("runwire_edge_evictions_total{cause=\"USER\"} 2.0")
        .contains("runwire_edge_closes_total{code=\"REPLACED\"} 2.0");
  }

  /** A stream that its client has hung up is not missed before something is written to it. */
  @Test
  void aStreamTakesThePlaceOfTheOneThatWasCalledLikeIt() throws Exception {
    start(Map.of("connections.per.user", "2"));
    SocketClient socket = socket("u1");
    stream("u1", "?place=tab.0");

    stream("u1", "?place=tab.0");
    stream("u1", "?place=tab.0");

    socket.exchangePing();
    assertThat(edge.metrics.scrape())
        .contains("runwire_edge_evictions_total{cause=\"TAKEN_OVER\"} 2.0")
        .contains("runwire_edge_evictions_total{cause=\"USER\"} 0.0");
  }

  @Test
  void aFullNodeClosesItsOldest() throws Exception {
    start(Map.of("connections.per.user", "2", "connections.per.node", "2"));
    SocketClient first = socket("u1");
    SocketClient second = socket("u2");

    socket("u3").exchangePing();

    assertThat(first.closeCode()).isEqualTo(1013);
    second.exchangePing();
  }

  @Test
  void aFullNodeMayRefuseNewcomersByEitherWay() throws Exception {
    start(Map.of("connections.per.user", "1", "connections.per.node", "1", "node.full", "refuse"));
    SocketClient first = socket("u1");

    String refused = ask(upgrade("u2"));
    HttpResponse<String> stream =
        Answers.get(edge, STREAM, "Authorization", "Bearer " + token("u2"));

    assertThat(refused).startsWith("HTTP/1.1 503 ").containsIgnoringCase("\r\nRetry-After: 1\r\n");
    assertThat(stream.statusCode()).isEqualTo(503);
    assertThat(Answers.code(stream)).isEqualTo("NODE_FULL");
    assertThat(stream.headers().firstValue("retry-after")).hasValue("1");
    SocketClient late = SocketClient.open(edge, Introduction.plain());
    opened.add(late);
    late.auth(token("u2"));
    assertThat(late.closeCode()).as("who shows his token later").isEqualTo(1013);
    first.exchangePing();
    await().until(() -> edge.bounds.places().all().size() == 1);
  }

  @Test
  void socketsWithoutATokenHaveAPoolOfTheirOwn() throws Exception {
    start(Map.of("connections.unauthenticated", "2", "connections.per.node", "5"));
    SocketClient known = socket("u1");
    SocketClient waiting = SocketClient.open(edge, Introduction.plain());
    opened.add(waiting);
    opened.add(SocketClient.open(edge, Introduction.plain()));
    // A client hears of its socket a moment before it is opened here.
    await().until(() -> edge.bounds.places().unauthenticated() == 2);

    assertThat(ask(RawClient.upgrade(edge, SUBPROTOCOL))).startsWith("HTTP/1.1 503 ");
    assertThat(ask(upgrade("nonsense", "not-a-token"))).startsWith("HTTP/1.1 503 ");
    SocketClient withToken = SocketClient.open(edge, Introduction.plain().bearer(token("u2")));
    opened.add(withToken);
    withToken.expect("welcome");
    waiting.auth(token("u3")).expect("welcome");

    opened.add(SocketClient.open(edge, Introduction.plain()));
    known.exchangePing();
    await().until(() -> edge.bounds.places().unauthenticated() == 2);
    assertThat(edge.metrics.scrape())
        .contains("runwire_edge_refusals_total{cause=\"UNAUTHENTICATED\"} 2.0")
        .contains("runwire_edge_unauthenticated 2.0");
  }

  @Test
  void oneAddressMayOpenSoMany() throws Exception {
    start(Map.of("connections.per.address", "2", "connections.per.user", "9"));
    socket("u1");
    stream("u1");

    assertThat(ask(upgrade("u2"))).startsWith("HTTP/1.1 429 ").contains("TOO_MANY_CONNECTIONS");
    HttpResponse<String> stream =
        Answers.get(edge, STREAM, "Authorization", "Bearer " + token("u2"));
    assertThat(stream.statusCode()).isEqualTo(429);
    assertThat(edge.metrics.scrape())
        .contains("runwire_edge_refusals_total{cause=\"ADDRESS\"} 2.0");
  }

  /** They would otherwise be all that the port accepts, and cost their host nothing. */
  @Test
  void oneAddressMayKeepSoManyConnectionsAlive() throws Exception {
    start(Map.of("connections.per.address", "2"));
    RawClient first = keptAlive();
    for (int i = 1; i < 4; i++) {
      keptAlive();
    }

    RawClient late = RawClient.connect(edge);
    opened.add(late);

    assertThat(late.cutOff()).isTrue();
    assertThat(edge.metrics.scrape())
        .contains("runwire_edge_refusals_total{cause=\"ADDRESS\"} 1.0");
    first.close();
    await().until(this::isServed);
  }

  @Test
  void aTrustedProxyIsManyClients() throws Exception {
    start(Map.of("connections.per.address", "1", "trusted.proxies", "127.0.0.1"));

    for (int i = 0; i < 5; i++) {
      keptAlive();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X-Forwarded-For: 192.0.2.1",
        "X-Forwarded-For: 203.0.113.9, 192.0.2.1",
        "X-Forwarded-For: 203.0.113.9, 192.0.2.1, 10.1.2.3",
        "X-Forwarded-For: nonsense, 192.0.2.1:4711",
        "X-Forwarded-For: [2001:db8::1]:4711",
        "X-Forwarded-For: 2001:db8::1",
        "Forwarded: for=203.0.113.9, for=192.0.2.1;proto=https",
        "Forwarded: For=\"[2001:db8::1]:4711\"",
      })
  void aTrustedProxyTellsTheClientsAddress(String header) throws Exception {
    String name = header.substring(0, header.indexOf(':'));
    start(
        Map.of(
            "connections.per.address",
            "1",
            "trusted.proxies",
            "127.0.0.1, 10.0.0.0/8",
            "trusted.header",
            name));
    opened.add(raw(upgrade("u1"), "101"));

    opened.add(raw(upgrade("u2", token("u2"), header), "101"));

    raw(upgrade("u3", token("u3"), header), "429").close();
  }

  @Test
  void whatStandsLeftOfTheNearestUntrustedAddressIsForged() throws Exception {
    start(Map.of("connections.per.address", "1", "trusted.proxies", "127.0.0.1"));
    opened.add(raw(upgrade("u1", token("u1"), "X-Forwarded-For: 192.0.2.1"), "101"));

    raw(upgrade("u2", token("u2"), "X-Forwarded-For: 203.0.113.9, 192.0.2.1"), "429").close();
  }

  /** A proxy passes on the header that it does not write. */
  @Test
  void whatTheClientSaysInAnotherHeaderIsForged() throws Exception {
    start(Map.of("connections.per.address", "1", "trusted.proxies", "127.0.0.1"));
    String told = "X-Forwarded-For: 192.0.2.1";
    opened.add(raw(upgrade("u1", token("u1"), told), "101"));

    raw(upgrade("u2", token("u2"), told, "Forwarded: for=198.51.100.7"), "429").close();
  }

  @Test
  void aHopThatNamesNobodyIsNotPassedOver() throws Exception {
    start(
        Map.of(
            "connections.per.address",
            "1",
            "trusted.proxies",
            "127.0.0.1",
            "trusted.header",
            "Forwarded"));
    opened.add(raw(upgrade("u1"), "101"));

    raw(upgrade("u2", token("u2"), "Forwarded: for=198.51.100.7, proto=https"), "429").close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"X-Forwarded-For: 192.0.2.77", "Forwarded: for=192.0.2.77"})
  void anybodyElsesWordIsNotTaken(String header) throws Exception {
    start(Map.of("connections.per.address", "1", "trusted.proxies", "10.0.0.0/8"));
    opened.add(raw(upgrade("u1"), "101"));

    raw(upgrade("u2", token("u2"), header), "429").close();
  }

  @Test
  void tooManyFramesEndTheSocket() throws Exception {
    start(Map.of());
    SocketClient client = socket("u1"); // its auth frame was the first
    for (int i = 1; i < 100; i++) {
      client.exchangePing();
    }

    client.send("{\"op\":\"ping\"}");

    assertThat(client.closeCode()).isEqualTo(4013);
  }

  @Test
  void atTheRateItStaysOpen() throws Exception {
    start(Map.of());
    SocketClient client = socket("u1");
    for (int i = 0; i < 300; i++) {
      edge.clock.advance(Duration.ofMillis(50));
      client.exchangePing();
    }
  }

  @Test
  void aPingFloodEndsTheSocket() throws Exception {
    start(Map.of());
    RawClient client = RawClient.opened(edge, token("u1"));
    opened.add(client);

    for (int i = 0; i < 101; i++) {
      client.send(RawClient.FIN | RawClient.PING);
    }

    assertThat(client.closeCode()).isEqualTo(4013);
  }

  @Test
  void aMessageMayBeAsLongAsIsConfigured() throws Exception {
    start(Map.of("inbound.message.bytes", "2000"));
    SocketClient client = SocketClient.open(edge, Introduction.plain());
    opened.add(client);
    client.auth(token("u1"));
    assertThat(client.expect("welcome").path("limits").path("inboundBytes").asInt())
        .isEqualTo(2_000);

    client.send(" ".repeat(2_000 - PING.length()) + PING).expect("pong");
    client.send(" ".repeat(2_001 - PING.length()) + PING);

    assertThat(client.closeCode()).isEqualTo(1009);
  }

  @Test
  void aSocketThatIsOfNoUseIsClosed() throws Exception {
    start(Map.of("heartbeat.ms", "200000", "pong.deadline.ms", "200000"));
    SocketClient following = socket("u1");
    following.subscribe(1, "t", "").expect("subscribed");
    following.expect("live");
    SocketClient asking = socket("u2");
    SocketClient idle = socket("u3");

    edge.timer.advance(Duration.ofSeconds(250));
    answersTheHeartbeat(following);
    asking.exchangePing();
    idle.exchangePing();
    assertThat(idle.control()).isEqualTo("ping");
    edge.timer.advance(Duration.ofSeconds(299));
    answersTheHeartbeat(following);
    answersTheHeartbeat(idle);
    asking.exchangePing();
    edge.timer.advance(Duration.ofSeconds(61));

    assertThat(idle.closeCode()).isEqualTo(4001);
    asking.exchangePing();
    following.exchangePing();
  }

  /** The edge has read the client's pong when it answers what was sent behind it. */
  private static void answersTheHeartbeat(SocketClient client) throws Exception {
    assertThat(client.control()).isEqualTo("ping");
    assertThat(client.sendPing("behind").control()).isEqualTo("pong behind");
  }

  @Test
  void aHeadThatTakesTooLongIsCutOffThoughItNeverPauses() throws Exception {
    start(Map.of());
    RawClient slow = RawClient.connect(edge);
    opened.add(slow);
    slow.sendBytes((byte) 'G');
    await().until(() -> edge.bounds.deadlines().count() == 1); // opened

    for (char c : "ET /v".toCharArray()) {
      edge.timer.advance(Duration.ofMillis(999));
      slow.sendBytes((byte) c);
    }
    edge.timer.advance(Duration.ofMillis(5));

    assertThat(slow.cutOff()).isTrue();
    assertThat(edge.metrics.scrape()).contains("runwire_edge_handshakes_timed_out_total 1.0");
    await().until(() -> edge.bounds.deadlines().count() == 0);
  }

  @Test
  void aSecondHeadIsDueFromItsFirstByteOnly() throws Exception {
    start(Map.of());
    RawClient client = RawClient.connect(edge);
    opened.add(client);
    client.body(client.request(GET));
    edge.timer.advance(Duration.ofSeconds(20));
    client.body(client.request(GET));
    client.sendBytes((byte) 'G');

    await()
        .until(
            () -> {
              edge.timer.advance(Duration.ofSeconds(5));
              return edge.bounds.deadlines().count() == 0;
            });

    assertThat(client.cutOff()).isTrue();
  }

  private void start(Map<String, String> settings) throws Exception {
    edge = TestEdge.start(settings);
    opened.add(0, edge);
  }

  private RawClient keptAlive() throws IOException {
    RawClient client = RawClient.connect(edge);
    opened.add(client);
    assertThat(client.request(GET)).startsWith("HTTP/1.1 200 ");
    return client;
  }

  private boolean isServed() throws IOException {
    try (RawClient client = RawClient.connect(edge)) {
      return client.request(GET).startsWith("HTTP/1.1 200 ");
    } catch (EOFException | SocketException cutOff) {
      return false;
    }
  }

  private String token(String user) {
    return edge.mint.token(user, TTL, List.of("subscribe", "history"), "*");
  }

  private SocketClient socket(String user) throws Exception {
    SocketClient client = SocketClient.authenticated(edge, token(user));
    opened.add(client);
    return client;
  }

  private SseClient stream(String user) throws Exception {
    return stream(user, "");
  }

  private SseClient stream(String user, String query) throws Exception {
    SseClient client = SseClient.open(edge, STREAM + query, token(user));
    opened.add(client);
    return client;
  }

  private String upgrade(String user) {
    return upgrade(user, token(user));
  }

  private String upgrade(String ignored, String token, String... headers) {
    List<String> all = new ArrayList<>(List.of(headers));
    all.add(SUBPROTOCOL);
    all.add("Authorization: Bearer " + token);
    return RawClient.upgrade(edge, all.toArray(String[]::new));
  }

  private String ask(String head) throws IOException {
    try (RawClient client = RawClient.connect(edge)) {
      String response = client.request(head);
      return response.startsWith("HTTP/1.1 101 ") ? response : response + client.body(response);
    }
  }

  private RawClient raw(String head, String status) throws IOException {
    RawClient client = RawClient.connect(edge);
    int before = edge.bounds.places().all().size();
    assertThat(client.request(head)).startsWith("HTTP/1.1 " + status + " ");
    if (status.equals("101")) { // which it hears before the socket has been opened
      await().until(() -> edge.bounds.places().all().size() > before);
    }
    return client;
  }
}
