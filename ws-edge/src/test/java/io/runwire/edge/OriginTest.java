package io.runwire.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of which origins may open a socket, and read what HTTP answers. */
class OriginTest {
  private static final String APP = "https://app.example.com";
  private static final String[] PATHS = {"/v1/threads/t/events", "/v1/runs", "/v1/route?thread=t"};

  private StubLedger ledger;
  private TestEdge edge;

  @BeforeEach
  void start() throws Exception {
    ledger = new StubLedger().answer("/v1/runs", 200, "{\"runs\":[]}");
    edge =
        TestEdge.start(
            Map.of(
                "origins",
                APP + ",https://app.example.com:8443",
                "ledger.url",
                ledger.uri().toString()));
  }

  @AfterEach
  void stop() throws Exception {
    edge.close();
    ledger.close();
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "missing, 101",
    "Origin: https://app.example.com, 101",
    "Origin: https://app.example.com:8443, 101",
    "Origin: http://$SELF, 101",
    "Origin: https://evil.example.com, 403",
    "Origin: null, 403",
    "Origin:, 403",
    "Origin: *, 403",
    "Origin: https://app.example.com.evil.com, 403",
    "Origin: https://evil-app.example.com, 403",
    "Origin: https://app.example.co, 403",
    "Origin: https://appXexample.com, 403",
    "Origin: https://APP.example.com, 403",
    "Origin: https://app.example.com:443, 403",
    "Origin: https://app.example.com:9443, 403",
    "Origin: https://app.example.com/, 403",
    "Origin: http://app.example.com, 403",
    "Origin: https://$SELF, 403",
    "Origin: https://user@app.example.com, 403",
  })
  void aSocketOpensForPagesThatAreAllowed(String header, int status) throws IOException {
    assertThat(statusOfUpgrade(header.replace("$SELF", edge.authority()))).isEqualTo(status);
  }

  @Test
  void twoOriginsAreNone() throws IOException {
    assertThat(statusOfUpgrade("Origin: " + APP, "Origin: " + APP)).isEqualTo(403);
    assertThat(statusOfUpgrade("Origin: " + APP, "Origin: https://evil.example.com"))
        .isEqualTo(403);
  }

  @Test
  void behindAProxyThatEndsTlsTheEdgesOwnPagesAreThoseOfHttps() throws IOException {
    String proxied = "X-Forwarded-Proto: https";

    assertThat(statusOfUpgrade(proxied, "Origin: https://" + edge.authority())).isEqualTo(101);
    assertThat(statusOfUpgrade(proxied, "Origin: http://" + edge.authority())).isEqualTo(403);
    assertThat(statusOfUpgrade(proxied, "Origin: https://evil.example.com")).isEqualTo(403);
  }

  @Test
  void aForgedHostMakesNoPageOurs() throws IOException {
    assertThat(
            statusOfUpgrade(
                "X-Forwarded-Host: evil.example.com", "Origin: http://evil.example.com"))
        .isEqualTo(403);
  }

  @Test
  void allowedPagesMayReadWithATokenInTheHeader() throws IOException {
    for (String path : PATHS) {
      assertThat(preflight(path, APP))
          .startsWith("HTTP/1.1 200 ")
          .containsIgnoringCase("\r\nAccess-Control-Allow-Origin: " + APP + "\r\n")
          .containsPattern("(?i)\r\nAccess-Control-Allow-Headers: [^\r]*Authorization")
          .containsPattern("(?i)\r\nAccess-Control-Allow-Headers: [^\r]*Last-Event-ID")
          .containsIgnoringCase("\r\nAccess-Control-Allow-Methods: GET\r\n")
          .containsPattern("(?i)\r\nVary: [^\r]*Origin")
          .doesNotContainIgnoringCase("Allow-Credentials");
      assertThat(get(path, "Origin: " + APP))
          .startsWith("HTTP/1.1 200 ")
          .containsIgnoringCase("\r\nAccess-Control-Allow-Origin: " + APP + "\r\n");
    }
  }

  @Test
  void aRefusalIsReadableToo() throws IOException {
    try (RawClient client = RawClient.connect(edge)) {
      assertThat(client.request("GET /v1/runs HTTP/1.1\r\nHost: x\r\nOrigin: " + APP + "\r\n\r\n"))
          .startsWith("HTTP/1.1 401 ")
          .containsIgnoringCase("\r\nAccess-Control-Allow-Origin: " + APP + "\r\n")
          .containsPattern("(?i)\r\nAccess-Control-Expose-Headers: [^\r]*WWW-Authenticate");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example.com",
        "null",
        "https://app.example.com.evil.com",
        "https://evil-app.example.com",
        "https://appXexample.com",
        "http://app.example.com",
        "https://app.example.com:9443"
      })
  void otherPagesMayNotRead(String origin) throws IOException {
    for (String path : PATHS) {
      assertThat(preflight(path, origin)).doesNotContainIgnoringCase("Access-Control-Allow");
      assertThat(get(path, "Origin: " + origin)).doesNotContainIgnoringCase("Access-Control-Allow");
    }
  }

  private String preflight(String path, String origin) throws IOException {
    try (RawClient client = RawClient.connect(edge)) {
      return client.request(
          "OPTIONS "
              + path
              + " HTTP/1.1\r\nHost: "
              + edge.authority()
              + "\r\nOrigin: "
              + origin
              + "\r\nAccess-Control-Request-Method: GET"
              + "\r\nAccess-Control-Request-Headers: authorization, last-event-id\r\n\r\n");
    }
  }

  private String get(String path, String header) throws IOException {
    try (RawClient client = RawClient.connect(edge)) {
      return client.request(
          "GET "
              + path
              + " HTTP/1.1\r\nHost: "
              + edge.authority()
              + "\r\nAuthorization: Bearer "
              + edge.mint.all()
              + "\r\n"
              + header
              + "\r\n\r\n");
    }
  }

  private int statusOfUpgrade(String... headers) throws IOException {
    String request = RawClient.upgrade(edge, "Sec-WebSocket-Protocol: runwire.v1");
    for (String header : headers) {
      if (!header.equals("missing")) {
        request = request.replaceFirst("\r\n\r\n$", "\r\n" + header + "\r\n\r\n");
      }
    }
    try (RawClient client = RawClient.connect(edge)) {
      String head = client.request(request);
      return Integer.parseInt(head.substring("HTTP/1.1 ".length(), "HTTP/1.1 ".length() + 3));
    }
  }
}
