package io.runwire.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.runwire.edge.console.Playground;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a development edge hands out for the asking, and a production edge does not. */
class PlaygroundTest {
  private static final Instant EXPIRY = Instant.parse("2026-03-01T12:15:00Z");
  private static final String TOKEN = "/console/token";
  private static final String DEMO = "/console/demo-runs";

  private final List<String> asked = new ArrayList<>();
  private TestEdge edge;

  @BeforeEach
  void start() throws Exception {
    edge = TestEdge.development(new Recorded());
  }

  @AfterEach
  void stop() throws Exception {
    edge.close();
  }

  @Test
  void aProductionEdgeHasNone() throws Exception {
    try (TestEdge production = TestEdge.start()) {
      HttpResponse<String> token = Answers.post(production, TOKEN, "{}");
      HttpResponse<String> config = Answers.get(production, "/console/config.json");

      assertThat(token.statusCode()).isEqualTo(404);
      assertThat(Answers.code(token)).isEqualTo("NOT_FOUND");
      assertThat(Answers.post(production, DEMO, "{\"question\":\"?\"}").statusCode())
          .isEqualTo(404);
      assertThat(Answers.json(config).path("development").asBoolean(true)).isFalse();
    }
  }

  @Test
  void theConsoleIsToldWhatThereIs() throws Exception {
    JsonNode config = Answers.json(Answers.get(edge, "/console/config.json"));

    assertThat(config.path("development").asBoolean()).isTrue();
    assertThat(config.path("demo").asBoolean()).isTrue();
    assertThat(config.path("edges").path(0).asText()).isEqualTo("ws://one/v1/ws");
  }

  @Test
  void aTokenIsGivenAsAskedFor() throws Exception {
    HttpResponse<String> response =
        Answers.post(
            edge,
            TOKEN,
            "{\"subject\":\"u1\",\"ttlSeconds\":60,\"threads\":[\"t\"],\"actions\":[\"ledger\"]}");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(Answers.json(response).path("token").asText()).isEqualTo("a-token");
    assertThat(Answers.json(response).path("exp").asLong()).isEqualTo(EXPIRY.getEpochSecond());
    assertThat(asked).containsExactly("token u1 PT1M [t] [ledger]");
  }

  @Test
  void aTokenHasItsDefaultsAndItsLimit() throws Exception {
    Answers.post(edge, TOKEN, "{}");
    Answers.post(edge, TOKEN, "{\"ttlSeconds\":999999999}");
    Answers.post(edge, TOKEN, "{\"ttlSeconds\":-1}");

    assertThat(asked)
        .containsExactly(
            "token developer PT15M [*] [subscribe, history, ledger]",
            "token developer PT1H [*] [subscribe, history, ledger]",
            "token developer PT1S [*] [subscribe, history, ledger]");
  }

  @Test
  void aDemoRunIsStarted() throws Exception {
    HttpResponse<String> response =
        Answers.post(edge, DEMO, "{\"question\":\" why? \",\"thread\":\"demo.1\"}");

    assertThat(response.statusCode()).isEqualTo(202);
    assertThat(Answers.json(response).path("thread").asText()).isEqualTo("demo.1");
    assertThat(Answers.json(response).path("run").asText()).isEqualTo("run-1");
    assertThat(asked).containsExactly("demo why? demo.1");
  }

  @Test
  void aDemoRunGetsAThreadWhereNoneIsNamed() throws Exception {
    JsonNode answer = Answers.json(Answers.post(edge, DEMO, "{\"question\":\"why?\"}"));

    assertThat(answer.path("thread").asText()).startsWith("demo.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "7",
        "not json",
        "{\"ttlSeconds\":\"60\"}",
        "{\"ttlSeconds\":{}}",
        "{\"ttlSeconds\":1e400}",
        "{\"threads\":\"*\"}",
        "{\"threads\":[[]]}",
        "{\"actions\":{}}",
        "{\"subject\":[]}",
        "{\"subject\":\" \"}",
        "{\"more\":1}"
      })
  void aRequestForATokenThatIsNotOfItsFormIsABadRequest(String body) throws Exception {
    badRequest(TOKEN, body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"question\":\"\"}",
        "{\"question\":\" \"}",
        "{\"question\":[]}",
        "{\"question\":\"why?\",\"thread\":\"a b\"}",
        "{\"question\":\"why?\",\"thread\":\"\"}",
        "{\"question\":\"why?\",\"more\":1}"
      })
  void aRequestForADemoRunThatIsNotOfItsFormIsABadRequest(String body) throws Exception {
    badRequest(DEMO, body);
  }

  @Test
  void aBodyThatIsTooLongOrTooDeepIsABadRequest() throws Exception {
    badRequest(DEMO, "{\"question\":\"" + "x".repeat(1_001) + "\"}");
    badRequest(DEMO, "{\"question\":\"" + "x".repeat(9_000) + "\"}");
    badRequest(TOKEN, "[".repeat(8_000));
    badRequest(TOKEN, "{\"subject\":" + "{\"a\":".repeat(1_300));
  }

  @Test
  void aBodyWithoutALengthIsReadNoFurtherThanOneWith() throws IOException {
    try (RawClient client = RawClient.connect(edge)) {
      String body = "Transfer-Encoding: chunked\r\n\r\n4000\r\n" + " ".repeat(0x4000) + "\r\n";

      String head = client.request(tokenRequest(edge.authority(), body));

      assertThat(head).startsWith("HTTP/1.1 400 ");
    }
  }

  @Test
  void pagesOfOtherOriginsGetNothing() throws Exception {
    for (String origin : List.of("https://evil.example.com", "null", "http://127.0.0.1")) {
      HttpResponse<String> response = Answers.post(edge, TOKEN, "{}", "Origin", origin);

      assertThat(response.statusCode()).isEqualTo(403);
      assertThat(Answers.code(response)).isEqualTo("FORBIDDEN");
    }
    assertThat(Answers.post(edge, TOKEN, "{}", "Origin", "http://" + edge.authority()).statusCode())
        .isEqualTo(200);
    assertThat(asked).hasSize(1);
  }

  /** Its owner can have a name mean this machine while his page is open. */
  @ParameterizedTest
  @CsvSource({
    "rebound.example.com, 403",
    "127.0.0.1.example.com, 403",
    "localhost.example.com, 403",
    "localhost, 200",
    "127.0.0.1, 200",
    "[::1], 200"
  })
  void aPageUnderSomebodysNameGetsNothing(String name, int status) throws Exception {
    String host = name + ":" + edge.port();
    try (RawClient client = RawClient.connect(edge)) {
      String page = "Origin: http://" + host + "\r\nContent-Length: 2\r\n\r\n{}";

      String head = client.request(tokenRequest(host, page));

      assertThat(head).startsWith("HTTP/1.1 " + status + " ");
    }
  }

  @Test
  void onlyPostIsServed() throws Exception {
    HttpResponse<String> response = Answers.get(edge, TOKEN);

    assertThat(response.statusCode()).isEqualTo(405);
    assertThat(response.headers().firstValue("allow")).hasValue("POST");
  }

  private static String tokenRequest(String host, String rest) {
    return "POST " + TOKEN + " HTTP/1.1\r\nHost: " + host + "\r\n" + rest;
  }

  private void badRequest(String path, String body) throws Exception {
    HttpResponse<String> response = Answers.post(edge, path, body);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Answers.code(response)).isEqualTo("BAD_REQUEST");
    assertThat(asked).isEmpty();
  }

  /** Writes down what it was asked for. */
  private final class Recorded implements Playground {
    @Override
    public Token token(String subject, Duration ttl, List<String> threads, List<String> actions) {
      asked.add("token " + subject + " " + ttl + " " + threads + " " + actions);
      return new Token("a-token", EXPIRY);
    }

    @Override
    public DemoRun start(String question, String thread) {
      asked.add("demo " + question + " " + thread);
      return new DemoRun(thread, "run-1");
    }

    @Override
    public List<String> edges() {
      return List.of("ws://one/v1/ws", "ws://two/v1/ws");
    }
  }
}
