package io.runwire.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.cursor.Cursor;
import io.runwire.edge.bounds.Place;
import io.runwire.edge.hub.AgentScript;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A thread's records once more, up to where the log stood when they were asked for. */
class ReplayTest {
  private static final String PATH = "/v1/threads/t/events";
  private static final Duration SHORT = Duration.ofSeconds(8);

  /** 5 s and 1, 2 and 4 s: see RetrySettings; large writes may take longer. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final String LARGE = "x".repeat(900_000);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private StubLedger ledger;
  private TestEdge edge;
  private String token;

  @BeforeEach
  void start() throws Exception {
    ledger = new StubLedger();
    edge = TestEdge.start(Map.of("ledger.url", ledger.uri().toString()));
    token = edge.mint.all();
  }

  @AfterEach
  void stop() throws Exception {
    edge.close();
    ledger.close();
  }

  @Test
  void aLineCarriesTheRecordWithTheAgentsBytes() throws Exception {
    edge.log.run("t", "r").start().content("größer, 日本").finish();

    HttpResponse<String> response = get(PATH);

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.headers().firstValue("content-type")).hasValue("application/x-ndjson");
    assertThat(response.headers().firstValue("cache-control")).hasValue("no-store");
    List<String> lines = response.body().lines().toList();
    assertThat(lines).hasSize(4);
    assertThat(lines.get(1))
        .matches(
            "\\{\"thread\":\"t\",\"run\":\"r\",\"attempt\":1,\"seq\":2,\"cursor\":\"[\\w-]+\","
                + "\"ts\":\\d+,\"src\":\"[\\w-]{22}:\\d+:1\",\"event\":\\{.*}}")
        .endsWith(
            "\"event\":{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"m\","
                + "\"delta\":\"größer, 日本\"}}");
    assertThat(lines.get(2)).contains(",\"final\":true,\"event\":{\"type\":\"RUN_FINISHED\"");
    assertThat(lines.get(3))
        .isEqualTo(
            "{\"op\":\"end\",\"cursor\":\""
                + cursor(lines.get(2))
                + "\",\"events\":3,\"scanned\":3}");
    await().until(() -> edge.deserted());
  }

  @Test
  void aReplayEndsWhereALaterOneGoesOn() throws Exception {
    AgentScript agent = edge.log.run("t", "r").start().text(2);
    List<String> first = lines(PATH);
    agent.text(1).finish();

    List<String> second = lines(PATH + "?after=" + cursor(last(first)) + "&runs=r,1,3");

    assertThat(seqs(first)).containsExactly(1L, 2L, 3L);
    assertThat(seqs(second)).containsExactly(4L, 5L);
    assertThat(last(second)).contains("\"events\":2");
  }

  @Test
  void whoWasCutOffMayAskForTheRestUpToTheSameEnd() throws Exception {
    AgentScript agent = edge.log.run("t", "r").start().text(3);
    HttpResponse<String> all = get(PATH);
    String to = all.headers().firstValue("Runwire-To").orElseThrow();
    String second = all.body().lines().toList().get(1);
    agent.text(5);

    List<String> rest = lines(PATH + "?after=" + cursor(second) + "&runs=r,1,2&to=" + to);

    assertThat(seqs(rest)).containsExactly(3L, 4L);
  }

  @Test
  void aReplayMayEndAtACursor() throws Exception {
    edge.log.run("t", "r").start().text(5);
    List<String> all = lines(PATH);

    assertThat(seqs(lines(PATH + "?after=" + cursor(all.get(1)) + "&to=" + cursor(all.get(3)))))
        .containsExactly(3L, 4L);
    assertThat(lines(PATH + "?after=" + cursor(all.get(3)) + "&to=" + cursor(all.get(1))))
        .singleElement()
        .asString()
        .contains("\"op\":\"end\"", "\"events\":0");
  }

  @Test
  void fromLatestIsThePositionOfNow() throws Exception {
    AgentScript agent = edge.log.run("t", "r").start();
    String now = cursor(last(lines(PATH + "?from=latest")));
    agent.text(1);

    assertThat(seqs(lines(PATH + "?after=" + now))).containsExactly(2L);
  }

  @Test
  void aRouterThatRepeatsItselfIsNotSeen() throws Exception {
    edge.log.run("t", "r").start().text(3);
    edge.log.replayLast(edge.log.partitionOf("t"), 3);
    edge.log.run("t", "s").start();

    List<String> lines = lines(PATH);

    assertThat(seqs(lines)).containsExactly(1L, 2L, 3L, 4L, 1L);
    assertThat(last(lines)).contains("\"events\":5,\"scanned\":8");
  }

  @Test
  void aTimeIsWhereItBeginsThoughTheRouterRepeatsWhatIsOlder() throws Exception {
    AgentScript agent = edge.log.run("t", "r").start().text(2);
    edge.clock.advance(Duration.ofMinutes(1));
    String at = edge.clock.instant().toString();
    edge.clock.advance(Duration.ofMinutes(1));
    agent.text(1);
    edge.log.replayLast(edge.log.partitionOf("t"), 4);
    agent.finish();

    assertThat(seqs(lines(PATH + "?at=" + at))).containsExactly(4L, 5L);
    assertThat(seqs(lines(PATH + "?at=2026-03-01T13:02:00%2B01:00"))).containsExactly(4L, 5L);
    assertThat(seqs(lines(PATH + "?at=2027-03-01T12:00:00Z"))).isEmpty();
  }

  @Test
  void ofOneRunOnlyItsSpanIsRead() throws Exception {
    String noise = edge.log.neighbourOf("t");
    edge.log.run(noise, "before").start().text(500);
    edge.log.run("t", "r").start().text(2).finish();
    edge.log.run(noise, "behind").start().text(500);
    ledger.answer(
        "/v1/runs/r",
        200,
        "{\"run\":\"r\",\"thread\":\"t\",\"endedAt\":1,\"firstOffset\":501,"
            + "\"firstSourceOffset\":501,\"lastOffset\":504}");

    List<String> lines = lines(PATH + "?run=r");

    assertThat(seqs(lines)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(last(lines)).contains("\"events\":4,\"scanned\":4");
    assertThat(Cursor.decode(cursor(last(lines))).orElseThrow().offset()).isEqualTo(505);
  }

  @Test
  void aRunThatGoesOnIsReadToTheEndOfTheLog() throws Exception {
    edge.log.run(edge.log.neighbourOf("t"), "before").start().text(9);
    AgentScript agent = edge.log.run("t", "r").start();
    ledger.answer(
        "/v1/runs/r",
        200,
        "{\"run\":\"r\",\"thread\":\"t\",\"firstOffset\":10,"
            + "\"firstSourceOffset\":10,\"lastOffset\":10}");
    agent.text(3);

    assertThat(last(lines(PATH + "?run=r"))).contains("\"events\":4,\"scanned\":4");
  }

  @ParameterizedTest
  @CsvSource({
    "503, {}",
    "404, {}",
    "200, '{\"run\":\"r\",\"thread\":\"other\",\"firstOffset\":0,\"firstSourceOffset\":0}'",
    "200, '{\"run\":\"r\",\"thread\":\"t\"}'",
  })
  void withoutALedgerThatKnowsARunEverythingIsRead(int status, String answer) throws Exception {
    edge.log.run(edge.log.neighbourOf("t"), "before").start().text(9);
    edge.log.run("t", "r").start().text(2);
    ledger.answer("/v1/runs/r", status, answer);

    List<String> lines = lines(PATH + "?run=r");

    assertThat(seqs(lines)).containsExactly(1L, 2L, 3L);
    assertThat(last(lines)).contains("\"scanned\":13");
  }

  @Test
  void ofARunWhoseBeginningHasExpiredThatIsTold() throws Exception {
    edge.log.run("t", "r").start().text(4).finish();
    edge.log.expire(edge.log.partitionOf("t"), 3);
    ledger.answer(
        "/v1/runs/r",
        200,
        "{\"run\":\"r\",\"thread\":\"t\",\"endedAt\":1,\"firstOffset\":0,"
            + "\"firstSourceOffset\":0,\"lastOffset\":5}");

    List<String> lines = lines(PATH + "?run=r");

    assertThat(lines.get(0))
        .startsWith("{\"op\":\"gap\",\"thread\":\"t\",\"reason\":\"EXPIRED\",\"to\":\"");
    assertThat(seqs(lines)).containsExactly(4L, 5L, 6L);
  }

  @Test
  void aCursorThatHasExpiredIsAGapLine() throws Exception {
    edge.log.run("t", "r").start().text(5);
    String old = cursor(lines(PATH).get(0));
    edge.log.expire(edge.log.partitionOf("t"), 3);

    List<String> lines = lines(PATH + "?after=" + old);

    assertThat(lines.get(0))
        .contains("\"op\":\"gap\"", "\"reason\":\"EXPIRED\"", "\"from\":\"" + old + "\"");
    assertThat(seqs(lines)).containsExactly(4L, 5L, 6L);
    assertThat(last(lines)).contains("\"op\":\"end\"", "\"events\":3");
  }

  @Test
  void whereNothingMatchesForLongThePositionIsTold() throws Exception {
    edge.log.run(edge.log.neighbourOf("t"), "noise").start().text(10_500);
    edge.log.run("t", "r").start();

    List<String> lines = lines(PATH);

    assertThat(lines.get(0)).matches("\\{\"op\":\"scanned\",\"cursor\":\"[\\w-]+\"}");
    assertThat(Cursor.decode(cursor(lines.get(0))).orElseThrow().offset()).isEqualTo(10_000);
    assertThat(seqs(lines)).containsExactly(1L);
  }

  @Test
  void historyIsNeededAndNothingElse() throws Exception {
    edge.log.run("t", "r").start();
    String follower = edge.mint.token("u1", SHORT, List.of("subscribe", "ledger"), "t");
    String auditor = edge.mint.token("u2", SHORT, List.of("history"), "t");

    HttpResponse<String> forbidden = get(PATH, follower);
    String cursor = cursor(last(lines(PATH)));

    assertThat(forbidden.statusCode()).isEqualTo(403);
    assertThat(Answers.code(forbidden)).isEqualTo("FORBIDDEN");
    assertThat(Answers.code(get(PATH + "?after=" + cursor, follower))).isEqualTo("FORBIDDEN");
    assertThat(get(PATH, auditor).body()).contains("RUN_STARTED");
    assertThat(Answers.code(get("/v1/threads/theirs/events", auditor))).isEqualTo("FORBIDDEN");
  }

  @ParameterizedTest
  @CsvSource({
    "from=yesterday, BAD_REQUEST",
    "from=open, BAD_REQUEST",
    "at=yesterday, BAD_REQUEST",
    "at=2026-03-01, BAD_REQUEST",
    "at=2026-03-01T12:00:00, BAD_REQUEST",
    "at=1969-12-31T23:59:59Z, BAD_REQUEST",
    "at=%2B999999999-12-31T23:59:59Z, BAD_REQUEST",
    "at=, BAD_REQUEST",
    "at=2026-03-01T12:00:00Z&from=earliest, BAD_REQUEST",
    "run=%2F, BAD_REQUEST",
    "after=, CURSOR_MALFORMED",
    "after=nonsense, CURSOR_MALFORMED",
    "to=nonsense, CURSOR_MALFORMED",
  })
  void whatIsNotOfItsFormIsABadRequest(String query, String code) throws Exception {
    HttpResponse<String> response = get(PATH + "?" + query);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Answers.code(response)).isEqualTo(code);
  }

  @Test
  void cursorsOfOtherThreadsAndLogsAreRefused() throws Exception {
    edge.log.run("other", "r").start();
    edge.log.run("t", "r").start();
    String other = cursor(last(lines("/v1/threads/other/events")));
    String mine = cursor(last(lines(PATH)));

    assertThat(Answers.code(get(PATH + "?after=" + other))).isEqualTo("CURSOR_FOREIGN_THREAD");
    assertThat(Answers.code(get(PATH + "?to=" + other))).isEqualTo("CURSOR_FOREIGN_THREAD");
    edge.log.truncate(edge.log.partitionOf("t"), 0);
    HttpResponse<String> gone = get(PATH + "?to=" + mine);
    assertThat(gone.statusCode()).isEqualTo(400);
    assertThat(gone.body()).contains("to: not in this log");
  }

  @Test
  void aLogThatIsAwayIsAProblemToComeBackWith() throws Exception {
    edge.log.away(true);

    HttpResponse<String> response = get(PATH);

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(Answers.code(response)).isEqualTo("LOG_UNAVAILABLE");
    await().until(() -> edge.deserted());
  }

  @Test
  void aLogThatGoesAwayInTheMiddleCutsTheAnswerOff() throws Exception {
    fill(12);
    HttpResponse<InputStream> response = open(token);
    try (InputStream body = response.body()) {
      assertThat(body.read()).isEqualTo('{');
      edge.log.away(true);

      assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
    }
    assertThat(edge.metrics.scrape()).contains("runwire_edge_replays_total{end=\"FAILED\"} 1.0");
    await().until(() -> edge.deserted());
  }

  @Test
  void aReaderThatDoesNotReadIsCutOffAndHasItsPlaceMeanwhile() throws Exception {
    fill(12);
    String auditor = edge.mint.token("u1", Duration.ofHours(1), List.of("history"), "t");
    try (InputStream body = open(auditor).body()) {
      assertThat(body.read()).isEqualTo('{');
      assertThat(edge.bounds.places().count(Place.Kind.REPLAY)).isEqualTo(1);

      // The write that is stuck for good may begin behind one that still went through.
      await()
          .until(
              () -> {
                edge.timer.advance(PATIENCE);
                return edge.deserted();
              });
      assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
    }
    assertThat(edge.metrics.scrape())
        .contains("runwire_edge_closes_total{code=\"TOO_SLOW\"} 1.0")
        .contains("runwire_edge_replays_total{end=\"CUT_OFF\"} 1.0");
  }

  @Test
  void aReplayEndsWithItsToken() throws Exception {
    fill(12);
    String brief = edge.mint.token("u1", SHORT, List.of("history"), "t");
    try (InputStream body = open(brief).body()) {
      assertThat(body.read()).isEqualTo('{');

      edge.timer.advance(SHORT);

      assertThatThrownBy(body::readAllBytes).isInstanceOf(IOException.class);
    }
    assertThat(edge.metrics.scrape()).contains("closes_total{code=\"TOKEN_EXPIRED\"} 1.0");
    await().until(() -> edge.deserted());
  }

  @Test
  void aReaderThatGoesAwayIsForgotten() throws Exception {
    fill(12);
    try (InputStream body = open(token).body()) {
      assertThat(body.read()).isEqualTo('{');
    }

    await().until(() -> edge.deserted());
    assertThat(edge.metrics.scrape()).contains("runwire_edge_replays_total{end=\"GONE\"} 1.0");
  }

  /** More than the sockets between hold. */
  private void fill(int events) {
    AgentScript agent = edge.log.run("t", "r").start();
    for (int i = 0; i < events; i++) {
      agent.content(LARGE);
    }
    edge.log.recordsPerChunk(1);
  }

  private HttpResponse<InputStream> open(String bearer) throws Exception {
    HttpResponse<InputStream> response =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(edge.uri(PATH))
                    .header("Authorization", "Bearer " + bearer)
                    .header("Accept", "application/x-ndjson")
                    .build(),
                BodyHandlers.ofInputStream());
    assertThat(response.statusCode()).isEqualTo(200);
    return response;
  }

  private List<String> lines(String pathAndQuery) throws Exception {
    HttpResponse<String> response = get(pathAndQuery);
    assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    List<String> lines = response.body().lines().toList();
    assertThat(last(lines)).startsWith("{\"op\":\"end\"");
    return lines;
  }

  private HttpResponse<String> get(String pathAndQuery) throws Exception {
    return get(pathAndQuery, token);
  }

  private HttpResponse<String> get(String pathAndQuery, String bearer) throws Exception {
    return Answers.get(
        edge, pathAndQuery, "Authorization", "Bearer " + bearer, "Accept", "application/x-ndjson");
  }

  private static List<Long> seqs(List<String> lines) throws Exception {
    List<Long> seqs = new ArrayList<>();
    for (String line : lines) {
      JsonNode json = MAPPER.readTree(line);
      if (json.has("seq")) {
        seqs.add(json.path("seq").asLong());
      }
    }
    return seqs;
  }

  private static String cursor(String line) {
    return line.replaceAll(".*\"cursor\":\"([\\w-]+)\".*", "$1");
  }

  private static String last(List<String> lines) {
    return lines.get(lines.size() - 1);
  }
}
