package io.runwire.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runwire.cursor.Cursor;
import io.runwire.edge.hub.AgentScript;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same events over plain HTTP. */
class SseTest {
  private static final String PATH = "/v1/threads/t/events";
  private static final Duration SHORT = Duration.ofSeconds(8);

  private TestEdge edge;
  private String token;

  @BeforeEach
  void start() throws Exception {
    edge = TestEdge.start();
    token = edge.mint.all();
  }

  @AfterEach
  void stop() throws Exception {
    edge.close();
  }

  @Test
  void eventsCarryTheCursorAsIdAndTheAgentsBytesAsData() throws Exception {
    try (SseClient client = SseClient.open(edge, PATH, token)) {
      assertThat(client.header("content-type")).isEqualTo("text/event-stream");
      assertThat(client.header("cache-control")).isEqualTo("no-store");
      String subscribed = client.next();
      assertThat(subscribed).matches("id: [\\w-]+");
      assertThat(client.next()).matches("event: live\nid: [\\w-]+\ndata: \\{\"op\":\"live\".*}");

      edge.log.run("t", "r").content("größer, 日本");

      String event = client.next();
      assertThat(event)
          .endsWith(
              "\ndata: {\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"m\","
                  + "\"delta\":\"größer, 日本\"}");
      assertThat(Cursor.decode(id(event))).isPresent();
      assertThat(Cursor.decode(id(event)).orElseThrow().isOf("t")).isTrue();
    }
  }

  @Test
  void aThreadsNameMayBeEscaped() throws Exception {
    edge.log.run("u42:chat", "r").start();
    try (SseClient client =
        SseClient.open(edge, "/v1/threads/u42%3Achat/events?from=earliest", token)) {
      client.next();

      assertThat(client.next()).contains("RUN_STARTED");
    }
  }

  @Test
  void aBrowserResumesFromItsLastEventId() throws Exception {
    edge.log.run("t", "r").start().text(2);
    String first;
    try (SseClient client = SseClient.open(edge, PATH + "?from=earliest", token)) {
      client.next();
      first = id(client.next());
    }

    try (SseClient again =
        SseClient.open(edge, PATH + "?from=latest&after=ignored", token, "Last-Event-ID", first)) {
      assertThat(id(again.next())).isEqualTo(first);
      assertThat(again.next()).contains("piece 2");
      assertThat(again.next()).contains("piece 3");
      assertThat(again.next()).startsWith("event: live\n");
    }
    try (SseClient again = SseClient.open(edge, PATH + "?after=" + first, token)) {
      again.next();
      assertThat(again.next()).contains("piece 2");
    }
  }

  @Test
  void aGapIsAnEventOfItsOwn() throws Exception {
    AgentScript agent = edge.log.run("t", "r").start().text(4);
    String last;
    try (SseClient client = SseClient.open(edge, PATH + "?from=earliest", token)) {
      for (int i = 0; i < 5; i++) {
        client.next();
      }
      last = id(client.next());
    }
    edge.log.truncate(edge.log.partitionOf("t"), 2);
    agent.text(1);

    try (SseClient again = SseClient.open(edge, PATH, token, "Last-Event-ID", last)) {
      again.next();
      String gap = again.next();
      assertThat(gap)
          .startsWith("event: gap\nid: ")
          .contains("\ndata: {\"op\":\"gap\",\"thread\":\"t\",\"reason\":\"TRUNCATED\"")
          .contains("\"from\":\"" + last + "\"");
      assertThat(Cursor.decode(id(gap)).orElseThrow().offset()).isEqualTo(2);
      assertThat(again.next()).contains("piece 6");
    }
  }

  @Test
  void anEnvelopedStreamCarriesTheFramesOfASocket() throws Exception {
    edge.log.run("t", "r").start().finish();
    try (SseClient client =
        SseClient.open(edge, PATH + "?from=earliest&envelope=true&run=r", token)) {
      assertThat(client.next())
          .matches(
              "data: \\{\"op\":\"welcome\",\"connection\":\"[^\"]+\",\"heartbeatMs\":20000,"
                  + "\"limits\":\\{}}");
      assertThat(client.next()).matches("id: [\\w-]+\ndata: \\{\"op\":\"subscribed\",\"id\":0,.*}");
      String started = client.next();
      assertThat(started)
          .startsWith("id: ")
          .contains(
              "\ndata: {\"op\":\"event\",\"thread\":\"t\",\"run\":\"r\",\"attempt\":1,\"seq\":1,")
          .contains("\"cursor\":\"" + id(started) + "\"")
          .contains("\"event\":{\"type\":\"RUN_STARTED\"");
      assertThat(client.next()).contains("\"final\":true", "\"type\":\"RUN_FINISHED\"");
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void anEnvelopedStreamTellsItsCloseCode() throws Exception {
    String brief = edge.mint.token("u1", SHORT, List.of("subscribe"), "t");
    try (SseClient client = SseClient.open(edge, PATH + "?envelope=true", brief)) {
      client.next();
      client.next();
      assertThat(client.next()).contains("data: {\"op\":\"live\"");
      edge.timer.advance(SHORT);

      assertThat(client.next())
          .isEqualTo("data: {\"op\":\"close\",\"code\":4005,\"reason\":\"token expired\"}");
      assertThat(client.ended()).isTrue();
    }
  }

  @Test
  void aResumingStreamMayTellWhatItHasOfItsRuns() throws Exception {
    AgentScript agent = edge.log.run("t", "r").start().text(1);
    String last;
    try (SseClient client = SseClient.open(edge, PATH + "?from=earliest", token)) {
      client.next();
      client.next();
      client.next();
      last = id(client.next());
    }
    agent.text(1);

    try (SseClient again =
        SseClient.open(edge, PATH + "?envelope=true&runs=r,1,3", token, "Last-Event-ID", last)) {
      again.next();
      again.next();
      assertThat(again.next()).as("the fold skips what the client has").contains("\"op\":\"live\"");
      agent.text(1);
      assertThat(again.next()).contains("\"seq\":4,");
    }
  }

  @Test
  void aQuietThreadsIdMovesOnWithoutAnEvent() throws Exception {
    try (SseClient client = SseClient.open(edge, PATH, token)) {
      client.next();
      String live = id(client.next());
      edge.log.run(edge.log.neighbourOf("t"), "noise").start();

      edge.clock.advance(Duration.ofSeconds(10));

      assertThat(client.next()).matches("id: [\\w-]+").isNotEqualTo("id: " + live);
    }
  }

  @Test
  void aHeartbeatIsAComment() throws Exception {
    try (SseClient client = SseClient.open(edge, PATH, token)) {
      client.next();
      client.next();

      edge.timer.advance(TestEdge.HEARTBEAT);

      assertThat(client.next()).isEqualTo(":");
    }
  }

  @Test
  void aStreamOfOneRunEndsWithIt() throws Exception {
    try (SseClient client = SseClient.open(edge, PATH + "?run=a", token)) {
      client.next();
      client.next();
      AgentScript a = edge.log.run("t", "a").start();
      edge.log.run("t", "b").start().finish();
      a.retry().finish();

      assertThat(client.next()).contains("RUN_STARTED");
      assertThat(client.next()).contains("RUN_ERROR");
      assertThat(client.next()).contains("RUN_STARTED");
      assertThat(client.next()).contains("RUN_FINISHED");
      assertThat(client.ended()).isTrue();
    }
    await().until(() -> edge.hub.connections() == 0);
    await().until(() -> edge.deserted());
  }

  @Test
  void aStreamEndsWithItsToken() throws Exception {
    String brief = edge.mint.token("u1", SHORT, List.of("subscribe"), "t");
    try (SseClient client = SseClient.open(edge, PATH, brief)) {
      client.next();
      client.next();

      edge.timer.advance(SHORT);

      assertThat(client.ended()).isTrue();
    }
    await().until(() -> edge.deserted());
  }

  @Test
  void aReaderThatDoesNotReadIsCutOffWithItsToken() throws Exception {
    String brief = edge.mint.token("u1", SHORT, List.of("subscribe", "history"), "t");
    edge.log.run("t", "r").content("x".repeat(900_000)).content("y".repeat(900_000));
    try (RawClient stalled = RawClient.connect(edge)) {
      assertThat(stalled.request(head(PATH + "?from=earliest", brief))).startsWith("HTTP/1.1 200 ");

      edge.timer.advance(SHORT);

      await().until(() -> edge.hub.connections() == 0);
      await().until(() -> edge.deserted());
    }
  }

  @Test
  void aReaderThatVanishesWithoutAWordIsGivenUp() throws Exception {
    edge.log.run("t", "r").content("x".repeat(900_000)).content("y".repeat(900_000));
    try (RawClient vanished = RawClient.connect(edge)) {
      assertThat(vanished.request(head(PATH + "?from=earliest", token)))
          .startsWith("HTTP/1.1 200 ");

      await()
          .until(
              () -> {
                edge.timer.advance(Duration.ofSeconds(1));
                return edge.hub.connections() == 0;
              });

      assertThat(edge.metrics.scrape())
          .contains("runwire_edge_given_up_total{cause=\"WRITE\"} 1.0");
      await().until(() -> edge.deserted());
    }
  }

  @Test
  void aReaderThatIsGoneIsNoticedByTheHeartbeat() throws Exception {
    try (RawClient client = RawClient.connect(edge)) {
      assertThat(client.request(head(PATH, token))).startsWith("HTTP/1.1 200 ");
    }

    await()
        .until(
            () -> {
              edge.timer.advance(TestEdge.HEARTBEAT);
              return edge.hub.connections() == 0;
            });
    await().until(() -> edge.deserted());
  }

  @Test
  void withoutATokenThereIsAChallenge() throws Exception {
    HttpResponse<String> none = Answers.get(edge, PATH);
    HttpResponse<String> bad = Answers.get(edge, PATH, "Authorization", "Bearer nonsense");
    HttpResponse<String> other = Answers.get(edge, PATH, "Authorization", "Basic dTpw");

    assertThat(none.statusCode()).isEqualTo(401);
    assertThat(Answers.code(none)).isEqualTo("UNAUTHENTICATED");
    assertThat(none.headers().firstValue("www-authenticate")).hasValue("Bearer realm=\"runwire\"");
    assertThat(bad.statusCode()).isEqualTo(401);
    assertThat(Answers.code(bad)).isEqualTo("TOKEN_INVALID");
    assertThat(Answers.code(other)).isEqualTo("UNAUTHENTICATED");
  }

  @Test
  void aTokenInTheUrlIsNoToken() throws Exception {
    assertThat(Answers.get(edge, PATH + "?token=" + token + "&access_token=" + token).statusCode())
        .isEqualTo(401);
  }

  @Test
  void whatIsNotGrantedIsForbidden() throws Exception {
    String mine = edge.mint.token("u1", SHORT, List.of("subscribe"), "mine");

    HttpResponse<String> foreign = Answers.get(edge, PATH, "Authorization", "Bearer " + mine);
    HttpResponse<String> history =
        Answers.get(
            edge, "/v1/threads/mine/events?from=earliest", "Authorization", "Bearer " + mine);

    assertThat(foreign.statusCode()).isEqualTo(403);
    assertThat(Answers.code(foreign)).isEqualTo("FORBIDDEN");
    assertThat(history.statusCode()).isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource({
    "/v1/threads/t/events?from=yesterday, BAD_REQUEST",
    "/v1/threads/t/events?run=%2F, BAD_REQUEST",
    "/v1/threads/t/events?ack=perhaps, BAD_REQUEST",
    "/v1/threads/t/events?envelope=1, BAD_REQUEST",
    "/v1/threads/t/events?place=a%20b, BAD_REQUEST",
    "'/v1/threads/t/events?runs=r,1', BAD_REQUEST",
    "'/v1/threads/t/events?runs=r,0,1', BAD_REQUEST",
    "'/v1/threads/t/events?runs=r,1,1%3B', BAD_REQUEST",
    "'/v1/threads/t/events?runs=a%20b,1,1', BAD_REQUEST",
    "/v1/threads/a%20b/events, BAD_REQUEST",
    "/v1/threads//events, BAD_REQUEST",
    "/v1/threads/t/events?after=, CURSOR_MALFORMED",
    "/v1/threads/t/events?after=nonsense, CURSOR_MALFORMED",
    "/v1/threads/t/events?after=%0D%0A, CURSOR_MALFORMED",
  })
  void whatIsNotOfItsFormIsABadRequest(String pathAndQuery, String code) throws Exception {
    HttpResponse<String> response = get(pathAndQuery);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Answers.code(response)).isEqualTo(code);
  }

  @Test
  void aLastEventIdThatIsNoCursorIsABadRequest() throws Exception {
    for (String id : List.of("", "nonsense", "x".repeat(5_000))) {
      HttpResponse<String> response =
          Answers.get(edge, PATH, "Authorization", "Bearer " + token, "Last-Event-ID", id);

      assertThat(response.statusCode()).isEqualTo(400);
      assertThat(Answers.code(response)).isEqualTo("CURSOR_MALFORMED");
    }
  }

  @Test
  void aLogThatIsAwayIsAProblemToComeBackWith() throws Exception {
    edge.log.away(true);

    HttpResponse<String> response = get(PATH);

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(Answers.code(response)).isEqualTo("LOG_UNAVAILABLE");
    assertThat(response.headers().firstValue("retry-after")).isPresent();
    await().until(() -> edge.hub.connections() == 0);
  }

  @Test
  void aLogThatGoesAwayLaterIsAComment() throws Exception {
    try (SseClient client = SseClient.open(edge, PATH, token)) {
      client.next();
      client.next();
      edge.log.away(true);

      edge.log.truncate(edge.log.partitionOf("t"), 0);

      assertThat(client.next()).isEqualTo(": LOG_UNAVAILABLE");
      edge.log.away(false);
      edge.clock.advance(Duration.ofSeconds(2));
      edge.log.run("t", "r").start();
      assertThat(client.next()).contains("RUN_STARTED");
    }
  }

  private String head(String pathAndQuery, String bearer) {
    return "GET "
        + pathAndQuery
        + " HTTP/1.1\r\nHost: "
        + edge.authority()
        + "\r\nAuthorization: Bearer "
        + bearer
        + "\r\n\r\n";
  }

  private HttpResponse<String> get(String pathAndQuery) throws Exception {
    return Answers.get(edge, pathAndQuery, "Authorization", "Bearer " + token);
  }

  private static String id(String block) {
    return block.replaceAll("(?s).*?id: ([\\w-]+).*", "$1");
  }
}
