package io.runwire.edge;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.runwire.topic.ThreadPartitioner;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The paths below {@code /v1}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApiTest {
  private static final String BOTH_LENGTHS = "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n";

  private TestEdge edge;

  @BeforeAll
  void start() throws Exception {
    edge = TestEdge.start();
  }

  @AfterAll
  void stop() throws Exception {
    edge.close();
  }

  @Test
  void theRouteOfAThreadNamesItsPartition() throws Exception {
    int partition = ThreadPartitioner.partition("u42:chat", TestEdge.PARTITIONS);

    JsonNode route = Answers.json(Answers.get(edge, "/v1/route?thread=u42:chat"));

    assertThat(route.path("thread").asText()).isEqualTo("u42:chat");
    assertThat(route.path("partition").asInt()).isEqualTo(partition);
    assertThat(route.path("partitions").asInt()).isEqualTo(TestEdge.PARTITIONS);
    assertThat(route.path("ws").asText()).isEqualTo("/v1/ws?p=" + partition);
    assertThat(route.path("sse").asText()).isEqualTo("/v1/threads/u42:chat/events?p=" + partition);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v1/route", "/v1/route?thread=", "/v1/route?thread=a%20b"})
  void aRouteNeedsAThread(String path) throws Exception {
    HttpResponse<String> response = Answers.get(edge, path);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(Answers.code(response)).isEqualTo("BAD_REQUEST");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1",
        "/v1/",
        "/v1/nothing",
        "/v1/threads",
        "/v1/threads/t",
        "/v1/threads/t/nothing",
        "/v1/threads/t/events/more",
        "/v1/threads/t/../events",
        "/v1/threads/../route2",
        "/v1/route/",
        "/v1/ws/",
        "/v2/route",
        "/nothing.html"
      })
  void aPathThatIsNoneIsNotFound(String path) throws Exception {
    HttpResponse<String> response = Answers.get(edge, path);

    assertThat(response.statusCode()).isEqualTo(404);
    assertThat(Answers.code(response)).isEqualTo("NOT_FOUND");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/threads/a%2fb/events",
        "/v1/threads/a%00b/events",
        "/v1/threads/%2e%2e/events",
        "/v1/threads/a%zzb/events",
        "/v1/threads/a%c0%afb/events",
        "/v1/runs/%2e%2e",
        "/v1/runs/a%5cb",
        "/v1//route",
        "/v1/route?thread=%zz"
      })
  void aPathThatCouldBeReadInTwoWaysIsRefused(String path) throws IOException {
    try (RawClient client = RawClient.connect(edge)) {
      String head =
          client.request("GET " + path + " HTTP/1.1\r\nHost: " + edge.authority() + "\r\n\r\n");

      assertThat(head)
          .containsPattern("^HTTP/1.1 40[0134] ")
          .containsIgnoringCase("\r\nContent-Type: application/problem+json\r\n");
      assertThat(client.body(head)).doesNotContain("Exception").doesNotContain("\tat ");
    }
  }

  @ParameterizedTest
  @CsvSource({"POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD"})
  void onlyGetIsServed(String method) throws IOException {
    try (RawClient client = RawClient.connect(edge)) {
      String head =
          client.request(
              method
                  + " /v1/route?thread=t HTTP/1.1\r\nHost: "
                  + edge.authority()
                  + "\r\nContent-Length: 0\r\n\r\n");

      assertThat(head).startsWith("HTTP/1.1 405 ").containsIgnoringCase("\r\nAllow: GET\r\n");
    }
  }

  @Test
  void requestsThatAreNoneAreRefusedWithoutATrace() throws IOException {
    for (String request :
        List.of(
            "GET /v1/route HTTP/1.1\r\n\r\n", // no Host
            "GET /v1/route HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
            "GET /v1/route HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "POST /v1/route HTTP/1.1\r\nHost: a\r\n" + BOTH_LENGTHS + "\r\n",
            "CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n",
            "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
            "NONSENSE\r\n\r\n")) {
      try (RawClient client = RawClient.connect(edge)) {
        String head = client.request(request);

        assertThat(head).as(request).containsPattern("^HTTP/1.1 4\\d\\d ");
        if (head.toLowerCase(Locale.ROOT).contains("content-length")) {
          assertThat(client.body(head)).doesNotContain("Exception").doesNotContain("\tat ");
        }
      }
    }
  }

  @Test
  void theServerDoesNotNameItself() throws Exception {
    HttpResponse<String> response = Answers.get(edge, "/v1/route?thread=t");

    assertThat(response.headers().firstValue("server")).isEmpty();
    assertThat(response.headers().firstValue("x-powered-by")).isEmpty();
  }
}
