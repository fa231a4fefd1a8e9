package io.runwire.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which requests become a socket. */
class HandshakeTest {
  private static final String SUBPROTOCOL = "Sec-WebSocket-Protocol: runwire.v1";

  private TestEdge edge;

  @BeforeEach
  void start() throws Exception {
    edge = TestEdge.start(Map.of("origins", "https://app.example.com"));
  }

  @AfterEach
  void stop() throws Exception {
    edge.close();
  }

  @Test
  void namesItsSubprotocolAndNoExtension() throws IOException {
    String response =
        ask(
            RawClient.upgrade(
                edge,
                SUBPROTOCOL,
                "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits"));

    assertThat(response)
        .startsWith("HTTP/1.1 101 ")
        .containsIgnoringCase("\r\nSec-WebSocket-Protocol: runwire.v1\r\n")
        .doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
  }

  @Test
  void doesNotEchoTheToken() throws IOException {
    String response =
        ask(
            RawClient.upgrade(
                edge, "Sec-WebSocket-Protocol: bearer." + edge.mint.all() + ", runwire.v1"));

    assertThat(response).startsWith("HTTP/1.1 101 ").doesNotContain("bearer");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://app.example.com", "http://$SELF"})
  void letsPagesInThatAreAllowed(String origin) throws IOException {
    assertThat(
            ask(
                RawClient.upgrade(
                    edge, SUBPROTOCOL, "Origin: " + origin.replace("$SELF", edge.authority()))))
        .startsWith("HTTP/1.1 101 ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?thread=a%20b",
        "?thread=",
        "?thread=t&run=/",
        "?thread=t&from=yesterday",
        "?thread=t&ack=maybe",
      })
  void refusesAShortcutThatIsNotOfItsForm(String query) throws IOException {
    refused(
        400,
        "BAD_REQUEST",
        RawClient.upgrade(edge, SUBPROTOCOL).replace("/v1/ws", "/v1/ws" + query));
  }

  @Test
  void refusesAQueryThatCannotBeDecoded() throws IOException {
    refused(
        400,
        "BAD_REQUEST",
        RawClient.upgrade(edge, SUBPROTOCOL).replace("/v1/ws", "/v1/ws?thread=%zz"));
  }

  private void refused(int status, String code, String request) throws IOException {
    try (RawClient client = RawClient.connect(edge)) {
      String head = client.request(request);

      assertThat(head)
          .startsWith("HTTP/1.1 " + status + " ")
          .containsIgnoringCase("\r\nContent-Type: application/problem+json\r\n");
      assertThat(client.body(head)).contains("\"code\":\"" + code + "\"");
    }
    assertThat(edge.hub.connections()).isZero();
  }

  private String ask(String request) throws IOException {
    try (RawClient client = RawClient.connect(edge)) {
      return client.request(request);
    }
  }
}
