package io.runwire.loadtest.drive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class UpgradeTest {
  /** The key of the example in RFC 6455 §1.3. */
  private final Upgrade upgrade =
      new Upgrade(
          URI.create("ws://edge:8080/v1/ws?p=3"),
          "the sample nonce".getBytes(StandardCharsets.US_ASCII));

  @Test
  void asksForTheSubprotocolWithAKey() {
    assertThat(StandardCharsets.US_ASCII.decode(upgrade.request()).toString())
        .isEqualTo(
            """
            GET /v1/ws?p=3 HTTP/1.1\r
            Host: edge:8080\r
            Upgrade: websocket\r
            Connection: Upgrade\r
            Sec-WebSocket-Version: 13\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
            Sec-WebSocket-Protocol: runwire.v1\r
            \r
            """);
  }

  @Test
  void takesAnAnswerThatIsTornAndLeavesWhatFollows() throws WireViolation {
    String answer = answer("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "runwire.v1");
    assertThat(upgrade.read(bytes(answer.substring(0, 30)))).isFalse();
    ByteBuffer rest = bytes(answer.substring(30) + "frames");
    assertThat(upgrade.read(rest)).isTrue();
    assertThat(StandardCharsets.US_ASCII.decode(rest).toString()).isEqualTo("frames");
  }

  @Test
  void saysWhatItWasToldInstead() {
    assertThatThrownBy(() -> upgrade.read(bytes("HTTP/1.1 503 Service Unavailable\r\n\r\n")))
        .hasMessageContaining("503 Service Unavailable");
  }

  @Test
  void refusesAnotherKeysAnswerAndAnotherSubprotocol() {
    assertThatThrownBy(() -> upgrade.read(bytes(answer("AAAA", "runwire.v1"))))
        .hasMessageContaining("Sec-WebSocket-Accept");
    Upgrade again =
        new Upgrade(
            URI.create("ws://edge:8080/v1/ws"),
            "the sample nonce".getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> again.read(bytes(answer("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "other"))))
        .hasMessageContaining("Sec-WebSocket-Protocol: 'other'");
  }

  @Test
  void doesNotReadAHeadWithoutEnd() {
    assertThatThrownBy(() -> upgrade.read(bytes("x".repeat(100_000))))
        .isInstanceOf(WireViolation.class);
  }

  private static String answer(String accept, String subprotocol) {
    return "HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nConnection: Upgrade\r\n"
        + "SEC-WEBSOCKET-ACCEPT: "
        + accept
        + "\r\nSec-WebSocket-Protocol: "
        + subprotocol
        + "\r\n\r\n";
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }
}
