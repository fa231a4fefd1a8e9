package io.runwire.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;
import io.runwire.edge.hub.AgentScript;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The frames of {@code runwire.v1}. */
class WebSocketTest {
  private TestEdge edge;
  private SocketClient client;

  @BeforeEach
  void start() throws Exception {
    edge = TestEdge.start(Map.of("inbound.frames.burst", "1000000"));
    client = SocketClient.authenticated(edge, edge.mint.all());
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    edge.close();
  }

  @Test
  void eventsCarryTheirPlaceInTheRunAndTheAgentsBytes() throws Exception {
    client.subscribe(7, "t", "").expect("subscribed");
    client.expect("live");

    edge.log.run("t", "r").start().content("größer, 日本").finish();

    JsonNode start = client.expect("event");
    assertThat(start.path("thread").asText()).isEqualTo("t");
    assertThat(start.path("run").asText()).isEqualTo("r");
    assertThat(start.path("attempt").asInt()).isEqualTo(1);
    assertThat(start.path("seq").asInt()).isEqualTo(1);
    assertThat(start.path("ts").asLong()).isEqualTo(edge.clock.millis());
    assertThat(start.has("final")).isFalse();
    assertThat(client.expectText("event"))
        .endsWith(
            ",\"event\":{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"m\","
                + "\"delta\":\"größer, 日本\"}}");
    assertThat(client.expect("event").path("final").asBoolean()).isTrue();
  }

  @Test
  void anEventMayBeLargerThanAFrameOfTheClient() throws Exception {
    client.subscribe(1, "t", "").expect("subscribed");
    client.expect("live");
    String large = "x".repeat(1_000_000);

    edge.log.run("t", "r").content(large);

    assertThat(client.expect("event").path("event").path("delta").asText()).isEqualTo(large);
  }

  @Test
  void manyEventsArriveInOrder() throws Exception {
    client.subscribe(1, "t", "").expect("subscribed");
    client.expect("live");

    edge.log.run("t", "r").start().text(2_000);

    for (int seq = 1; seq <= 2_001; seq++) {
      assertThat(client.expect("event").path("seq").asInt()).isEqualTo(seq);
    }
  }

  @Test
  void aClientResumesFromItsCursor() throws Exception {
    client.subscribe(1, "t", "").expect("subscribed");
    client.expect("live");
    AgentScript agent = edge.log.run("t", "r").start();
    String cursor = client.expect("event").path("cursor").asText();
    client.close();
    agent.text(1);

    try (SocketClient again = SocketClient.authenticated(edge, edge.mint.all())) {
      again.subscribe(1, "t", "\"after\":\"" + cursor + "\",\"runs\":{\"r\":[1,1]}");

      JsonNode subscribed = again.expect("subscribed");
      assertThat(subscribed.path("recovered").asBoolean()).isTrue();
      assertThat(subscribed.path("cursor").asText()).isEqualTo(cursor);
      assertThat(again.expect("event").path("seq").asInt()).isEqualTo(2);
      again.expect("live");
    }
  }

  @Test
  void aGapIsToldBehindSubscribed() throws Exception {
    client.subscribe(1, "t", "").expect("subscribed");
    client.expect("live");
    edge.log.run("t", "r").start().text(3);
    client.expect("event");
    client.expect("event");
    client.expect("event");
    String cursor = client.expect("event").path("cursor").asText();
    edge.log.truncate(edge.log.partitionOf("t"), 1);

    try (SocketClient again = SocketClient.authenticated(edge, edge.mint.all())) {
      again.subscribe(1, "t", "\"after\":\"" + cursor + "\"");

      assertThat(again.expect("subscribed").path("recovered").asBoolean()).isFalse();
      JsonNode gap = again.expect("gap");
      assertThat(gap.path("reason").asText()).isEqualTo("TRUNCATED");
      assertThat(gap.path("from").asText()).isEqualTo(cursor);
      assertThat(Cursor.decode(gap.path("to").asText())).isPresent();
    }
  }

  @Test
  void unsubscribeIsConfirmed() throws Exception {
    client.subscribe(1, "t", "").expect("subscribed");
    client.expect("live");

    JsonNode unsubscribed =
        client.send("{\"op\":\"unsubscribe\",\"id\":2,\"thread\":\"t\"}").expect("unsubscribed");

    assertThat(unsubscribed.path("id").asInt()).isEqualTo(2);
    assertThat(unsubscribed.path("thread").asText()).isEqualTo("t");
  }

  @Test
  void aPingIsAnswered() throws Exception {
    client.exchangePing();
  }

  @Test
  void aPingOfTheProtocolIsAnsweredWithItsPayload() throws Exception {
    client.sendPing("anyone there?");

    assertThat(client.control()).isEqualTo("pong anyone there?");
    client.exchangePing();
  }

  @Test
  void whatIsNotGrantedIsForbiddenHoweverOftenItIsAskedFor() throws Exception {
    String token = edge.mint.token("u1", Duration.ofMinutes(5), List.of("subscribe"), "mine");
    try (SocketClient other = SocketClient.authenticated(edge, token)) {
      for (int i = 0; i < 20; i++) {
        JsonNode error = other.subscribe(i, "theirs", "").expect("error");
        assertThat(error.path("code").asText()).isEqualTo("FORBIDDEN");
        assertThat(error.path("id").asInt()).isEqualTo(i);
        assertThat(error.path("thread").asText()).isEqualTo("theirs");
      }
      assertThat(other.subscribe(1, "mine", "\"from\":\"earliest\"").expect("error").path("code"))
          .hasToString("\"FORBIDDEN\"");
    }
  }

  @Test
  void anExtremeCursorNeitherHangsNorFails() throws Exception {
    for (Cursor extreme :
        List.of(
            new Cursor(edge.log.identity(), 3, Long.MAX_VALUE, 0, 0, Cursor.hash("t")),
            new Cursor(edge.log.identity(), 0, 0, Integer.MAX_VALUE, -1, Cursor.hash("t")),
            new Cursor(edge.log.identity(), 0, 0, -1, Long.MAX_VALUE, Cursor.hash("t")),
            new Cursor(
                new LogIdentity(Uuid.randomUuid(), Uuid.randomUuid(), Integer.MAX_VALUE),
                1_000_000,
                5,
                0,
                0,
                Cursor.hash("t")))) {
      client.subscribe(1, "t", "\"after\":\"" + extreme.encode() + "\"");
      if (!client.expect("subscribed").path("recovered").asBoolean()) {
        client.expect("gap");
      }
      client.expect("live");
      client.send("{\"op\":\"unsubscribe\",\"id\":2,\"thread\":\"t\"}").expect("unsubscribed");
    }
  }

  @Test
  void aMessageOverTheLimitEndsTheSocketThoughItComesInPieces() throws Exception {
    String piece = "x".repeat(1_000);
    for (int i = 0; i < 66; i++) {
      client.socket().sendText(piece, i == 65).exceptionally(closed -> client.socket()).join();
    }

    assertThat(client.closeCode()).isEqualTo(1009);
  }

  @Test
  void aMessageInManyPiecesIsPutTogether() throws Exception {
    String frame = "{\"op\":\"ping\"}";
    for (int i = 0; i < frame.length(); i++) {
      client.socket().sendText("", false).join();
      client.socket().sendText(frame.substring(i, i + 1), i == frame.length() - 1).join();
    }

    client.expect("pong");
  }

  @Test
  void aFloodOfRequestsIsAnsweredWithoutLosingTheSocket() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      client.send("{\"op\":\"ping\"}");
    }

    for (int i = 0; i < 2_000; i++) {
      client.expect("pong");
    }
  }

  @Test
  void aClientThatIsGoneIsForgotten() throws Exception {
    client.subscribe(1, "t", "").expect("subscribed");
    client.expect("live");
    assertThat(edge.hub.connections()).isEqualTo(1);

    client.sendClose();

    await().until(() -> edge.hub.connections() == 0);
    assertThat(client.closeCode()).isEqualTo(1000);
    await().until(() -> edge.deserted());
  }

  @Test
  void aClientThatBreaksOffIsForgotten() throws Exception {
    client.subscribe(1, "t", "").expect("subscribed");
    client.expect("live");

    client.close();

    await().until(() -> edge.hub.connections() == 0);
    // A write whose end was not reported before has failed, and its socket is cut off in a while.
    await()
        .until(
            () -> {
              edge.timer.advance(Duration.ofSeconds(5));
              return edge.deserted();
            });
  }
}
