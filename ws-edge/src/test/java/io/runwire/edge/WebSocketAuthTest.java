package io.runwire.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.runwire.edge.SocketClient.Introduction;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Who is there, and for how long. */
class WebSocketAuthTest {
  /** Less than a heartbeat, so that only the token's time passes. */
  private static final Duration SHORT = Duration.ofSeconds(8);

  private static final Duration WRITE_DEADLINE = Duration.ofSeconds(5);

  private TestEdge edge;

  @BeforeEach
  void start() throws Exception {
    edge = TestEdge.start();
  }

  @AfterEach
  void stop() throws Exception {
    edge.close();
  }

  @Test
  void aFrameAuthenticates() throws Exception {
    try (SocketClient client = SocketClient.open(edge, Introduction.plain())) {
      JsonNode welcome = client.auth(edge.mint.all()).expect("welcome");

      assertThat(welcome.path("connection").asText()).startsWith("c-");
      assertThat(welcome.path("heartbeatMs").asLong()).isEqualTo(20_000);
      assertThat(welcome.path("limits").path("subscriptions").asInt()).isEqualTo(64);
      assertThat(welcome.path("limits").path("inboundBytes").asInt()).isEqualTo(65_536);
      assertThat(client.socket().getSubprotocol()).isEqualTo("runwire.v1");
    }
  }

  @Test
  void aHeaderAuthenticates() throws Exception {
    try (SocketClient client =
        SocketClient.open(edge, Introduction.plain().bearer(edge.mint.all()))) {
      client.expect("welcome");
    }
  }

  @Test
  void aSubprotocolAuthenticatesAndIsNotEchoed() throws Exception {
    Introduction offering =
        Introduction.plain().subprotocols("runwire.v1", "bearer." + edge.mint.all());
    try (SocketClient client = SocketClient.open(edge, offering)) {
      client.expect("welcome");

      assertThat(client.socket().getSubprotocol()).isEqualTo("runwire.v1");
    }
  }

  @Test
  void whoDoesNotAuthenticateInTimeIsClosed() throws Exception {
    try (SocketClient client = SocketClient.open(edge, Introduction.plain())) {
      client.send("{\"op\":\"ping\"}").expect("error");

      edge.timer.advance(TestEdge.AUTH_DEADLINE.minusMillis(1));
      client.send("{\"op\":\"ping\"}").expect("error");
      edge.timer.advance(Duration.ofMillis(1));

      assertThat(client.closeCode()).isEqualTo(4502);
    }
  }

  @Test
  void whoHasAuthenticatedIsNotClosedByThatDeadline() throws Exception {
    try (SocketClient client = SocketClient.authenticated(edge, edge.mint.all())) {
      edge.timer.advance(TestEdge.AUTH_DEADLINE.multipliedBy(2));

      client.exchangePing();
    }
  }

  @Test
  void nothingIsServedBeforeAuthentication() throws Exception {
    edge.log.run("t", "r").start();
    try (SocketClient client = SocketClient.open(edge, Introduction.plain())) {
      for (String frame :
          List.of(
              "{\"op\":\"subscribe\",\"id\":1,\"thread\":\"t\",\"from\":\"earliest\"}",
              "{\"op\":\"unsubscribe\",\"id\":1,\"thread\":\"t\"}",
              "{\"op\":\"ack\",\"thread\":\"t\",\"cursor\":\"x\"}",
              "{\"op\":\"ping\"}")) {
        assertThat(client.send(frame).expect("error").path("code").asText())
            .isEqualTo("UNAUTHENTICATED");
      }

      client.auth(edge.mint.all()).expect("welcome");
    }
  }

  @Test
  void whoAsksTenTimesBeforeAuthenticationIsClosed() throws Exception {
    try (SocketClient client = SocketClient.open(edge, Introduction.plain())) {
      for (int i = 0; i < 10; i++) {
        client.send("{\"op\":\"ping\"}").expect("error");
      }

      assertThat(client.closeCode()).isEqualTo(4501);
    }
  }

  @Test
  void aBadTokenIsNotWorthComingBackWith() throws Exception {
    try (SocketClient client = SocketClient.open(edge, Introduction.plain())) {
      client.auth(edge.mint.all() + "x");

      assertThat(client.closeCode()).isEqualTo(4500);
    }
  }

  @RepeatedTest(5)
  void aBadTokenInTheHandshakeIsClosedAlike() throws Exception {
    try (SocketClient client =
        SocketClient.open(edge, Introduction.plain().bearer("not-a-token"))) {
      assertThat(client.closeCode()).isEqualTo(4500);
    }
  }

  @Test
  void anExpiredTokenIsToldFromABadOne() throws Exception {
    String token = edge.mint.all();
    edge.clock.advance(Duration.ofHours(1));
    try (SocketClient client = SocketClient.open(edge, Introduction.plain().bearer(token))) {
      assertThat(client.closeCode()).isEqualTo(4005);
    }
  }

  @Test
  void aLiveSocketIsClosedWhenItsTokenExpires() throws Exception {
    String token = edge.mint.token("u1", SHORT, List.of("subscribe"), "t");
    try (SocketClient client = SocketClient.authenticated(edge, token)) {
      client.subscribe(1, "t", "").expect("subscribed");
      client.expect("live");
      edge.timer.advance(SHORT.minusMillis(1));
      client.exchangePing();

      edge.timer.advance(Duration.ofMillis(1));

      assertThat(client.closeCode()).isEqualTo(4005);
    }
  }

  @Test
  void aRefreshPutsTheEndOff() throws Exception {
    String token = edge.mint.token("u1", SHORT, List.of("subscribe"), "t");
    String next = edge.mint.token("u1", SHORT.multipliedBy(2), List.of("subscribe"), "t");
    try (SocketClient client = SocketClient.authenticated(edge, token)) {
      JsonNode authorized = client.auth(next).expect("authorized");

      assertThat(authorized.path("exp").asLong())
          .isEqualTo(edge.clock.instant().plus(SHORT.multipliedBy(2)).getEpochSecond());
      edge.timer.advance(SHORT.plusSeconds(1));
      client.exchangePing();
      edge.timer.advance(SHORT);
      assertThat(client.closeCode()).isEqualTo(4005);
    }
  }

  @Test
  void aRefreshMayBringTheEndNearer() throws Exception {
    String token = edge.mint.token("u1", SHORT, List.of("subscribe"), "t");
    String next = edge.mint.token("u1", SHORT.dividedBy(2), List.of("subscribe"), "t");
    try (SocketClient client = SocketClient.authenticated(edge, token)) {
      client.auth(next).expect("authorized");

      edge.timer.advance(SHORT.dividedBy(2).minusMillis(1));
      client.exchangePing();
      edge.timer.advance(Duration.ofMillis(1));

      assertThat(client.closeCode()).isEqualTo(4005);
    }
  }

  @Test
  void aRefreshThatIsNoGoodEndsTheConnectionThoughTheOldTokenStillHolds() throws Exception {
    String expired = edge.mint.token("u1", Duration.ofSeconds(-1), List.of("subscribe"), "t");
    try (SocketClient forged = SocketClient.authenticated(edge, edge.mint.all());
        SocketClient late = SocketClient.authenticated(edge, edge.mint.all())) {
      forged.auth(edge.mint.all() + "x");
      late.auth(expired);

      assertThat(forged.closeCode()).isEqualTo(4500);
      assertThat(late.closeCode()).isEqualTo(4005);
    }
  }

  @Test
  void aRefreshByAnotherUserIsRefused() throws Exception {
    String own = edge.mint.token("u1", SHORT, List.of("subscribe"), "t");
    String others = edge.mint.token("u2", SHORT, List.of("subscribe"), "t");
    try (SocketClient client = SocketClient.authenticated(edge, own)) {
      client.auth(others);

      assertThat(client.closeCode()).isEqualTo(4500);
    }
  }

  @Test
  void aRefreshThatLosesARightEndsWhatDependedOnIt() throws Exception {
    String both = edge.mint.token("u1", SHORT, List.of("subscribe"), "a", "b");
    String one = edge.mint.token("u1", SHORT, List.of("subscribe"), "b");
    try (SocketClient client = SocketClient.authenticated(edge, both)) {
      client.subscribe(1, "a", "").expect("subscribed");
      client.expect("live");
      client.subscribe(2, "b", "").expect("subscribed");
      client.expect("live");

      client.auth(one).expect("authorized");

      JsonNode error = client.expect("error");
      assertThat(error.path("code").asText()).isEqualTo("FORBIDDEN");
      assertThat(error.path("thread").asText()).isEqualTo("a");
      assertThat(error.has("id")).isFalse();
      assertThat(client.expect("unsubscribed").path("thread").asText()).isEqualTo("a");
      edge.log.run("a", "r").start();
      edge.log.run("b", "r").start();
      assertThat(client.expect("event").path("thread").asText()).isEqualTo("b");
      assertThat(client.subscribe(3, "a", "").expect("error").path("code").asText())
          .isEqualTo("FORBIDDEN");
    }
  }

  @Test
  void aRefreshThatLosesEveryRightToSubscribeEndsTheConnection() throws Exception {
    String some = edge.mint.token("u1", SHORT, List.of("subscribe"), "t");
    String none = edge.mint.token("u1", SHORT, List.of("ledger"), "t");
    try (SocketClient client = SocketClient.authenticated(edge, some)) {
      client.subscribe(1, "t", "").expect("subscribed");
      client.expect("live");

      client.auth(none);

      assertThat(client.closeCode()).isEqualTo(4507);
    }
  }

  @Test
  void aTokenThatOpensNothingPushesNobodyOut() throws Exception {
    try (TestEdge narrow = TestEdge.start(Map.of("connections.per.user", "1"))) {
      String some = narrow.mint.token("u1", SHORT, List.of("subscribe"), "t");
      String none = narrow.mint.token("u1", SHORT, List.of("history", "ledger"), "t");
      try (SocketClient settled = SocketClient.authenticated(narrow, some);
          SocketClient handshake = SocketClient.open(narrow, Introduction.plain().bearer(none));
          SocketClient frame = SocketClient.open(narrow, Introduction.plain())) {
        frame.auth(none);

        assertThat(handshake.closeCode()).isEqualTo(4507);
        assertThat(frame.closeCode()).isEqualTo(4507);
        settled.exchangePing();
      }
    }
  }

  @Test
  void theHandshakesSubscriptionIsMadeOnceTheTokenIsThere() throws Exception {
    Introduction asking = Introduction.plain().query("?p=1&thread=t&from=earliest&ack=false");
    edge.log.run("t", "r").start();
    try (SocketClient client = SocketClient.open(edge, asking)) {
      client.auth(edge.mint.all()).expect("welcome");

      assertThat(client.expect("subscribed").path("id").asInt()).isZero();
      client.expect("event");
      client.expect("live");
    }
  }

  @Test
  void theHandshakesSubscriptionMayBeOneThatAcknowledges() throws Exception {
    Introduction asking = Introduction.plain().query("?thread=t&from=earliest&ack=true");
    edge.log.run("t", "r").start().text(1);
    try (SocketClient client = SocketClient.open(edge, asking.bearer(edge.mint.all()))) {
      client.expect("welcome");
      client.expect("subscribed");
      String first = client.expect("event").path("cursor").asText();
      client.expect("event");
      client.expect("live");
      client.send("{\"op\":\"ack\",\"thread\":\"t\",\"cursor\":\"" + first + "\"}");
      client.exchangePing();

      edge.clock.advance(WRITE_DEADLINE);

      JsonNode again = client.expect("event");
      assertThat(again.path("seq").asInt()).as("not the one that it acknowledged").isEqualTo(2);
      assertThat(again.path("redelivery").asInt()).isEqualTo(1);
    }
  }

  @Test
  void theHandshakesSubscriptionObeysTheTokenToo() throws Exception {
    String token = edge.mint.token("u1", SHORT, List.of("subscribe"), "mine");
    Introduction asking = Introduction.plain().query("?thread=theirs").bearer(token);
    try (SocketClient client = SocketClient.open(edge, asking)) {
      client.expect("welcome");

      assertThat(client.expect("error").path("code").asText()).isEqualTo("FORBIDDEN");
    }
  }
}
