package io.runwire.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs and their status, reduced to what the token may see. */
class RunsTest {
  private static final Duration TTL = Duration.ofMinutes(5);

  private StubLedger ledger;
  private TestEdge edge;

  @BeforeEach
  void start() throws Exception {
    ledger = new StubLedger();
    edge =
        TestEdge.start(
            Map.of("ledger.url", ledger.uri().toString(), "ledger.deadline.ms", "10000"));
  }

  @AfterEach
  void stop() throws Exception {
    edge.close();
    ledger.close();
  }

  @Test
  void rowsOfThreadsThatTheTokenDoesNotCoverAreHidden() throws Exception {
    ledger.answer(
        "/v1/runs", 200, rows(row("a", "mine.1"), row("b", "theirs"), row("c", "mine.2")));

    JsonNode runs = Answers.json(get("/v1/runs", "mine.*")).path("runs");

    assertThat(runs.findValuesAsText("run")).containsExactly("a", "c");
  }

  @Test
  void fieldsOfTheProcessorsOwnAreStripped() throws Exception {
    ledger.answer("/v1/runs", 200, rows(row("a", "t")));
    ledger.answer("/v1/runs/a", 200, row("a", "t"));
    ledger.answer("/v1/threads/t/runs", 200, rows(row("a", "t")));

    for (JsonNode run :
        List.of(
            Answers.json(get("/v1/runs", "*")).path("runs").path(0),
            Answers.json(get("/v1/runs/a", "*")),
            Answers.json(get("/v1/threads/t/runs", "*")).path("runs").path(0))) {
      assertThat(run.fieldNames())
          .toIterable()
          .containsExactlyInAnyOrder(
              "run",
              "thread",
              "attempt",
              "status",
              "startedAt",
              "endedAt",
              "events",
              "error",
              "agent");
    }
  }

  @Test
  void theLimitCountsWhatMayBeSeen() throws Exception {
    ledger.answer(
        "/v1/runs", 200, rows(row("a", "theirs"), row("b", "t"), row("c", "t"), row("d", "t")));

    assertThat(Answers.json(get("/v1/runs?limit=2", "t")).path("runs").findValuesAsText("run"))
        .containsExactly("b", "c");
  }

  @Test
  void whereAPartOfTheLedgerGaveNoAnswerTheListSaysSo() throws Exception {
    String rows = rows(row("a", "mine"), row("b", "theirs"));
    ledger.answer("/v1/runs", 200, rows.replaceFirst("\\{", "{\"partial\":true,"));
    JsonNode part = Answers.json(get("/v1/runs", "mine"));
    ledger.answer("/v1/runs", 200, rows);
    JsonNode whole = Answers.json(get("/v1/runs", "mine"));

    assertThat(part.path("partial").isBoolean()).isTrue();
    assertThat(part.path("partial").asBoolean()).isTrue();
    assertThat(part.path("runs").findValuesAsText("run")).containsExactly("a");
    assertThat(whole.fieldNames()).toIterable().containsExactly("runs");
  }

  /** The newest 500 of all threads are looked at; of this token's own there may be others. */
  @Test
  void whereOthersRunsLeaveNoRoomTheListSaysThatItIsNotAll() throws Exception {
    String[] theirs =
        IntStream.range(0, 499).mapToObj(i -> row("r" + i, "theirs")).toArray(String[]::new);
    String[] all = Arrays.copyOf(theirs, 500);
    all[499] = row("mine", "mine");
    ledger.answer("/v1/runs", 200, rows(all));
    JsonNode cut = Answers.json(get("/v1/runs", "mine"));
    ledger.answer("/v1/runs", 200, rows(theirs));
    JsonNode whole = Answers.json(get("/v1/runs", "mine"));

    assertThat(cut.path("runs").findValuesAsText("run")).containsExactly("mine");
    assertThat(cut.path("partial").asBoolean()).isTrue();
    assertThat(whole.path("partial").isMissingNode()).isTrue();
  }

  @Test
  void theStatusIsHandedOn() throws Exception {
    ledger.answer("/v1/runs", 200, rows());

    get("/v1/runs?status=RUNNING", "*");

    assertThat(ledger.lastAsked()).isEqualTo("/v1/runs?limit=500&status=RUNNING");
  }

  @Test
  void soAreTheAgentTheErrorAndTheSpanOfTime() throws Exception {
    ledger.answer("/v1/runs", 200, rows());

    get(
        "/v1/runs?agent=Research%20Agent%26&error=time%3Dout&since=2026-01-31T09:30:00%2B01:00"
            + "&until=2026-01-31T10:00:00Z&limit=3",
        "*");

    assertThat(ledger.lastAsked())
        .isEqualTo(
            "/v1/runs?limit=500&agent=Research+Agent%26&error=time%3Dout"
                + "&since=2026-01-31T09%3A30%3A00%2B01%3A00&until=2026-01-31T10%3A00%3A00Z");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/runs?status=running",
        "/v1/runs?status=",
        "/v1/runs?status=RUNNING%26limit=9",
        "/v1/runs?limit=0",
        "/v1/runs?limit=501",
        "/v1/runs?limit=-1",
        "/v1/runs?limit=ten",
        "/v1/runs?agent=",
        "/v1/runs?agent=a%0Ab",
        "/v1/runs?error=%20",
        "/v1/runs?since=yesterday",
        "/v1/runs?until=1969-12-31T23:59:59Z",
        "/v1/runs?since=1970-01-01T00:00:00%2B01:00",
        "/v1/runs?until=9999-12-31T23:59:59-01:00",
        "/v1/runs/a%20b",
        "/v1/runs/",
        "/v1/threads/a%20b/runs"
      })
  void whatIsNotOfItsFormIsABadRequest(String path) throws Exception {
    HttpResponse<String> response = get(path, "*");

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Answers.code(response)).isEqualTo("BAD_REQUEST");
    assertThat(ledger.lastAsked()).isEmpty();
  }

  @Test
  void aRunOfSomebodyElsesThreadLooksLikeNone() throws Exception {
    ledger.answer("/v1/runs/b", 200, row("b", "theirs"));

    HttpResponse<String> foreign = get("/v1/runs/b", "mine");
    HttpResponse<String> none = get("/v1/runs/nobodys", "mine");

    assertThat(foreign.statusCode()).isEqualTo(404);
    assertThat(foreign.body()).isEqualTo(none.body());
  }

  @Test
  void aThreadThatTheTokenDoesNotCoverIsForbidden() throws Exception {
    HttpResponse<String> response = get("/v1/threads/theirs/runs", "mine");

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(Answers.code(response)).isEqualTo("FORBIDDEN");
    assertThat(ledger.lastAsked()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/runs", "/v1/runs/a", "/v1/threads/t/runs"})
  void withoutATokenOrTheActionThereIsNothing(String path) throws Exception {
    String subscribeOnly = edge.mint.token("u1", TTL, List.of("subscribe", "history"), "*");

    HttpResponse<String> none = Answers.get(edge, path);
    HttpResponse<String> other =
        Answers.get(edge, path, "Authorization", "Bearer " + subscribeOnly);

    assertThat(none.statusCode()).isEqualTo(401);
    assertThat(Answers.code(none)).isEqualTo("UNAUTHENTICATED");
    assertThat(other.statusCode()).isEqualTo(403);
    assertThat(Answers.code(other)).isEqualTo("FORBIDDEN");
    assertThat(ledger.lastAsked()).isEmpty();
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "500, {}",
    "302, {}",
    "200, ''",
    "200, not json",
    "200, '{\"runs\":[1,2]}'",
    "200, '{\"runs\":[[\"a\"]]}'",
    "200, '{\"runs\":['"
  })
  void aLedgerThatAnswersSomethingElseIsAway(int status, String body) throws Exception {
    ledger.answer("/v1/runs", status, body);

    HttpResponse<String> response = get("/v1/runs", "*");

    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(Answers.code(response)).isEqualTo("LEDGER_UNAVAILABLE");
    assertThat(response.headers().firstValue("retry-after")).isPresent();
  }

  @Test
  void aLedgerThatIsGoneIsAway() throws Exception {
    ledger.close();

    for (String path : List.of("/v1/runs", "/v1/runs/a", "/v1/threads/t/runs")) {
      HttpResponse<String> response = get(path, "*");

      assertThat(response.statusCode()).isEqualTo(503);
      assertThat(Answers.code(response)).isEqualTo("LEDGER_UNAVAILABLE");
    }
  }

  @Test
  void openBeginsWithTheFirstRunThatTheLedgerCallsOpen() throws Exception {
    edge.log.run("t", "done").start().finish();
    edge.log.run("t", "going").start().text(1);
    ledger.answer(
        "/v1/threads/t/runs",
        200,
        "{\"position\":4,\"sourceFloor\":3,\"runs\":["
            + "{\"run\":\"going\",\"thread\":\"t\",\"status\":\"RUNNING\",\"endedAt\":null,"
            + "\"firstOffset\":2,\"firstSourceOffset\":2}]}");

    try (SocketClient client = SocketClient.authenticated(edge, edge.mint.all())) {
      client.subscribe(1, "t", "\"from\":\"open\"").expect("subscribed");
      assertThat(client.expect("event").path("run").asText()).isEqualTo("going");
      client.expect("event");
      client.expect("live");
    }
  }

  @Test
  void oneUserIsNotAllThatTheLedgerIsBusyWith() throws Exception {
    ledger.hold();
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      answers.add(Answers.getLater(edge, "/v1/runs/r" + i, "Authorization", bearer("u1", "*")));
    }
    await().until(() -> ledger.timesAsked() == 16);

    HttpResponse<String> oneMore = get("/v1/runs/more", "*");
    answers.add(Answers.getLater(edge, "/v1/runs/other", "Authorization", bearer("u2", "*")));
    await().until(() -> ledger.timesAsked() == 17);
    ledger.release();

    assertThat(oneMore.statusCode()).isEqualTo(429);
    assertThat(Answers.code(oneMore)).isEqualTo("TOO_MANY_REQUESTS");
    assertThat(oneMore.headers().firstValue("retry-after")).hasValue("1");
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertThat(answer.join().statusCode()).isEqualTo(404);
    }
    assertThat(get("/v1/runs/more", "*").statusCode()).isEqualTo(404);
  }

  private HttpResponse<String> get(String path, String... threads) throws Exception {
    return Answers.get(edge, path, "Authorization", bearer("u1", threads));
  }

  private String bearer(String user, String... threads) {
    return "Bearer " + edge.mint.token(user, TTL, List.of("ledger"), threads);
  }

  private static String rows(String... rows) {
    return "{\"position\":7,\"sourceFloor\":6,\"runs\":[" + String.join(",", rows) + "]}";
  }

  private static String row(String run, String thread) {
    return "{\"run\":\""
        + run
        + "\",\"thread\":\""
        + thread
        + "\",\"attempt\":1,\"status\":\"FINISHED\",\"startedAt\":1,\"endedAt\":2,\"events\":3,"
        + "\"error\":null,\"agent\":\"planner\",\"partition\":0,\"firstOffset\":4,\"lastOffset\":6,"
        + "\"firstSourceOffset\":4}";
  }
}
