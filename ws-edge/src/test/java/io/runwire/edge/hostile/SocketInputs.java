package io.runwire.edge.hostile;

import static io.runwire.edge.RawClient.BINARY;
import static io.runwire.edge.RawClient.CLOSE;
import static io.runwire.edge.RawClient.CONTINUATION;
import static io.runwire.edge.RawClient.FIN;
import static io.runwire.edge.RawClient.PING;
import static io.runwire.edge.RawClient.TEXT;
import static io.runwire.edge.RawClient.masked;
import static io.runwire.edge.hostile.BadInput.onSocket;
import static io.runwire.edge.hostile.BadInput.thenSilence;

import io.runwire.edge.hostile.Answer.Serves;
import io.runwire.edge.settings.BoundsSettings.Inbound;
import io.runwire.frame.CloseCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** WebSocket frames (RFC 6455) that break the protocol, or strain it. */
final class SocketInputs {
  private static final Answer PROTOCOL = Answer.close(CloseCode.PROTOCOL);
  private static final Answer NOT_UTF8 = Answer.close(CloseCode.NOT_UTF8);
  private static final Answer TOO_BIG = Answer.close(CloseCode.TOO_BIG);
  private static final Answer NO_PONG = Answer.close(CloseCode.NO_PONG);
  private static final int LIMIT = Inbound.DEFAULT_MESSAGE_BYTES;
  private static final int FLOOD = 1_000;
  private static final byte[] QUESTION = "{\"op\":\"ping\"}".getBytes(StandardCharsets.UTF_8);
  private static final Answer AS_USUAL =
      new Serves("read like any other message", List.of("{\"op\":\"pong\"}"));

  private SocketInputs() {}

  static List<BadInput> all() {
    List<BadInput> inputs = new ArrayList<>();
    inputs.add(onSocket("an unmasked frame", PROTOCOL, p -> p.sendBytes(hex("81027b7d"))));
    for (int bit : new int[] {0x40, 0x20, 0x10}) {
      inputs.add(
          onSocket(
              "reserved bit " + Integer.toHexString(bit), PROTOCOL, p -> p.send(FIN | TEXT | bit)));
    }
    for (int opcode : new int[] {3, 4, 5, 6, 7, 0xb, 0xc, 0xd, 0xe, 0xf}) {
      inputs.add(
          onSocket(
              "reserved opcode " + Integer.toHexString(opcode),
              PROTOCOL,
              p -> p.send(FIN | opcode)));
    }
    controls(inputs);
    fragments(inputs);
    lengths(inputs);
    texts(inputs);
    closes(inputs);
    return inputs;
  }

  private static void controls(List<BadInput> inputs) {
    inputs.add(onSocket("a ping of 126 bytes", PROTOCOL, p -> p.send(FIN | PING, new byte[126])));
    inputs.add(onSocket("a ping in fragments", PROTOCOL, p -> p.send(PING, (byte) 'x')));
    inputs.add(
        onSocket(
            "a binary message",
            Answer.close(CloseCode.UNSUPPORTED),
            p -> p.send(FIN | BINARY, QUESTION)));
  }

  private static void fragments(List<BadInput> inputs) {
    inputs.add(
        onSocket(
            "a continuation without a start", PROTOCOL, p -> p.send(FIN | CONTINUATION, QUESTION)));
    inputs.add(
        onSocket(
            "a text inside a fragmented text",
            PROTOCOL,
            p -> p.send(TEXT, QUESTION).send(FIN | TEXT, QUESTION)));
    inputs.add(
        onSocket(
            "10,000 empty fragments",
            AS_USUAL,
            p -> {
              p.send(TEXT);
              for (int i = 0; i < 10_000; i++) {
                p.send(CONTINUATION);
              }
              p.send(FIN | CONTINUATION, QUESTION);
            }));
    inputs.add(
        thenSilence(
            "half a frame, then silence",
            NO_PONG,
            p -> p.sendBytes((byte) (FIN | TEXT), (byte) 0x85, (byte) 1)));
  }

  private static void lengths(List<BadInput> inputs) {
    inputs.add(
        onSocket(
            "a length of 16 bits where 7 would do",
            AS_USUAL,
            p -> p.sendBytes(masked(FIN | TEXT, 126, QUESTION.length, QUESTION))));
    inputs.add(
        onSocket(
            "a length of 64 bits where 7 would do",
            AS_USUAL,
            p -> p.sendBytes(masked(FIN | TEXT, 127, QUESTION.length, QUESTION))));
    inputs.add(
        onSocket(
            "a length of 2^62, no body",
            TOO_BIG,
            p -> p.sendBytes(masked(FIN | TEXT, 127, 1L << 62, new byte[0]))));
    inputs.add(
        onSocket(
            "a length of 2^63, no body",
            TOO_BIG,
            p -> p.sendBytes(masked(FIN | TEXT, 127, 1L << 63, new byte[0]))));
    inputs.add(
        thenSilence(
            "a length of 1 GiB, no body",
            NO_PONG,
            p -> p.sendBytes(masked(FIN | TEXT, 127, 1L << 30, new byte[0]))));
    inputs.add(
        onSocket("a message of 64 KiB + 1", TOO_BIG, p -> p.send(FIN | TEXT, spaces(LIMIT + 1))));
    inputs.add(
        onSocket(
            "a message of 64 KiB + 1 in fragments",
            TOO_BIG,
            p -> p.send(TEXT, spaces(LIMIT)).send(FIN | CONTINUATION, (byte) ' ')));
  }

  private static void texts(List<BadInput> inputs) {
    notUtf8(inputs, "no such byte", "ff");
    notUtf8(inputs, "overlong in two bytes", "c080");
    notUtf8(inputs, "overlong in three bytes", "e08080");
    notUtf8(inputs, "half a surrogate pair", "eda080");
    notUtf8(inputs, "a surrogate pair", "eda080edb080");
    notUtf8(inputs, "above U+10FFFF", "f4908080");
    notUtf8(inputs, "five bytes", "f888808080");
    notUtf8(inputs, "cut off", "c3");
    notUtf8(inputs, "a continuation byte alone", "80");
    inputs.add(
        onSocket(
            "not UTF-8: wrong across two fragments",
            NOT_UTF8,
            p -> p.send(TEXT, hex("61e2")).send(FIN | CONTINUATION, hex("2861"))));
    inputs.add(
        onSocket(
            "not UTF-8: told before the message ends", NOT_UTF8, p -> p.send(TEXT, hex("61f490"))));
  }

  private static void closes(List<BadInput> inputs) {
    inputs.add(onSocket("a close of one byte", PROTOCOL, p -> p.send(FIN | CLOSE, (byte) 3)));
    for (int code : new int[] {0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 65_535}) {
      inputs.add(onSocket("close code " + code, PROTOCOL, p -> p.send(FIN | CLOSE, code(code))));
    }
    inputs.add(
        onSocket(
            "a close whose reason is not UTF-8",
            NOT_UTF8,
            p -> p.send(FIN | CLOSE, hex("03e8c328"))));
    inputs.add(
        onSocket(
            "data after close",
            new Answer.Ends(1000),
            p -> p.send(FIN | CLOSE, code(1000)).send(FIN | TEXT, QUESTION)));
  }

  private static void notUtf8(List<BadInput> inputs, String how, String hex) {
    inputs.add(onSocket("not UTF-8: " + how, NOT_UTF8, p -> p.send(FIN | TEXT, hex(hex))));
  }

  private static byte[] code(int code) {
    return ByteBuffer.allocate(2).putShort((short) code).array();
  }

  private static byte[] spaces(int count) {
    return " ".repeat(count).getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }
}
