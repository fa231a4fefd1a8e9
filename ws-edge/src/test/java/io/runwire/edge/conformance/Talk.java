package io.runwire.edge.conformance;

import static io.runwire.edge.RawClient.CLOSE;
import static io.runwire.edge.RawClient.FIN;
import static io.runwire.edge.RawClient.PONG;
import static io.runwire.edge.RawClient.TEXT;
import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.edge.RawClient;
import io.runwire.edge.RawClient.Frame;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** What conversations are made of. */
final class Talk {
  /** A question that the edge answers with {@link #ANSWER}; an echo sends it back. */
  static final byte[] QUESTION = ascii("{\"op\":\"ping\"}");

  static final String ANSWER = "{\"op\":\"pong\"}";

  private Talk() {}

  /** Sends bytes in pieces; what follows the one for which the peer hangs up goes nowhere. */
  static RawClient send(RawClient client, int pieces, byte[] bytes) throws IOException {
    try {
      client.sendInPieces(pieces, bytes);
    } catch (SocketException heardEnough) {
      // What it said before can still be read.
    }
    return client;
  }

  /** The next frame is a whole text message of those bytes. */
  static void text(RawClient client, byte[] payload) throws IOException {
    Frame frame = client.frame();
    assertThat(frame.opcode()).isEqualTo(TEXT);
    assertThat(Arrays.equals(bytes(frame), payload)).as("the same bytes").isTrue();
  }

  /** The edge has read the question, and nothing else. */
  static void answer(RawClient client) throws IOException {
    assertThat(client.frame().text()).isEqualTo(ANSWER);
  }

  /** The next frame is a pong of those bytes. */
  static void pong(RawClient client, byte... payload) throws IOException {
    Frame frame = client.frame();
    assertThat(frame.opcode()).isEqualTo(PONG);
    assertThat(bytes(frame)).isEqualTo(payload);
  }

  /** The next frame closes the connection with that code, and then it ends. */
  static void fails(RawClient client, int code) throws IOException {
    closes(client, code);
    try {
      client.send(FIN | CLOSE, code(code));
    } catch (IOException ended) {
      return; // The peer does not wait for our half of the goodbye, nor need it.
    }
    assertThat(client.cutOff()).as("nothing behind the close").isTrue();
  }

  /** The next frame closes the connection with that code; the peer may not have read us out. */
  static void closes(RawClient client, int code) throws IOException {
    Frame frame = client.frame();
    assertThat(frame.opcode()).as(frame::text).isEqualTo(CLOSE);
    assertThat(frame.closeCode()).isEqualTo(code);
  }

  /** Our close is answered with that code, and then the connection ends. */
  static void closed(RawClient client, int code) throws IOException {
    Frame frame = client.frame();
    assertThat(frame.opcode()).as(frame::text).isEqualTo(CLOSE);
    if (code == 0) {
      assertThat(frame.payload().remaining()).isIn(0, 2);
    } else {
      assertThat(frame.closeCode()).isEqualTo(code);
    }
    assertThat(client.cutOff()).as("nothing behind the close").isTrue();
  }

  static byte[] code(int code) {
    return ByteBuffer.allocate(2).putShort((short) code).array();
  }

  static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] stars(int count) {
    byte[] bytes = new byte[count];
    Arrays.fill(bytes, (byte) '*');
    return bytes;
  }

  private static byte[] bytes(Frame frame) {
    byte[] bytes = new byte[frame.payload().remaining()];
    frame.payload().get(bytes);
    return bytes;
  }
}
