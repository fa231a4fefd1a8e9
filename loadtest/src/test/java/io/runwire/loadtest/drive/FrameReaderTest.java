package io.runwire.loadtest.drive;

import static io.runwire.loadtest.drive.ServerFrames.all;
import static io.runwire.loadtest.drive.ServerFrames.frame;
import static io.runwire.loadtest.drive.ServerFrames.hex;
import static io.runwire.loadtest.drive.ServerFrames.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
  private final FrameReader reader = new FrameReader();
  private final List<String> heard = new ArrayList<>();
  private final FrameReader.Sink sink =
      new FrameReader.Sink() {
        @Override
        public void text(ByteBuffer message) {
          heard.add("text " + StandardCharsets.UTF_8.decode(message));
        }

        @Override
        public void ping(ByteBuffer payload) {
          heard.add("ping " + StandardCharsets.UTF_8.decode(payload));
        }

        @Override
        public void pong() {
          heard.add("pong");
        }

        @Override
        public void close(int code) {
          heard.add("close " + code);
        }
      };

  @Test
  void readsTheExamplesOfTheRfc() throws WireViolation {
    read(hex("810548656c6c6f"));
    read(hex("010348656c80026c6f"));
    read(hex("890548656c6c6f"));
    assertThat(heard).containsExactly("text Hello", "text Hello", "ping Hello");
  }

  @Test
  void readsAPingBetweenTheFragmentsOfAText() throws WireViolation {
    read(all(frame(0x01, "Hel"), frame(0x89, "?"), frame(0x00, ""), frame(0x80, "lo"), text("x")));
    assertThat(heard).containsExactly("ping ?", "text Hello", "text x");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 130, 65_600})
  void readsTheSameHoweverTheBytesAreCut(int piece) throws WireViolation {
    byte[] bytes =
        all(
            text("a"),
            text(""),
            text("b".repeat(126)),
            frame(0x01, "c".repeat(70_000)),
            frame(0x8a, "beat"),
            frame(0x80, "d".repeat(300)),
            ServerFrames.close(4008));
    for (int at = 0; at < bytes.length; at += piece) {
      reader.read(ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at)), sink);
    }
    assertThat(heard)
        .containsExactly(
            "text a",
            "text ",
            "text " + "b".repeat(126),
            "pong",
            "text " + "c".repeat(70_000) + "d".repeat(300),
            "close 4008");
  }

  @Test
  void readsTheLargestMessageAndNoLarger() throws WireViolation {
    String largest = "x".repeat(FrameReader.MAX_MESSAGE_BYTES);
    read(text(largest));
    assertThat(heard).containsExactly("text " + largest);
    assertThat(violation(text(largest + "x")).code()).isEqualTo(WireViolation.TOO_BIG);
  }

  @Test
  void doesNotBelieveALengthThatNoBodyFollows() {
    assertThat(violation(hex("817f4000000000000000")).code()).isEqualTo(WireViolation.TOO_BIG);
  }

  @Test
  void addsUpTheFragmentsOfAMessage() throws WireViolation {
    read(frame(0x01, "x".repeat(FrameReader.MAX_MESSAGE_BYTES)));
    assertThat(violation(frame(0x80, "x")).code()).isEqualTo(WireViolation.TOO_BIG);
  }

  @Test
  void toldOfACloseWithoutACode() throws WireViolation {
    read(hex("8800"));
    assertThat(heard).containsExactly("close 1005");
  }

  @ParameterizedTest
  @CsvSource({
    "818537fa213d7f9f4d5158, 1002, masked by a server",
    "c10141, 1002, RSV1",
    "830141, 1002, reserved opcode",
    "800141, 1002, continuation of nothing",
    "01014181014a, 1002, text within a fragmented text",
    "0900, 1002, ping in fragments",
    "897e007e, 1002, ping of 126 bytes",
    "817e0005, 1002, 5 in 16 bits",
    "817f000000000000ffff, 1002, 65535 in 64 bits",
    "817f8000000000000000, 1002, negative length",
    "880103, 1002, close code of one byte",
    "820141, 1003, binary"
  })
  void refuses(String hex, int code, String what) {
    assertThat(violation(hex(hex)).code()).as(what).isEqualTo(code);
  }

  private void read(byte[] bytes) throws WireViolation {
    reader.read(ByteBuffer.wrap(bytes), sink);
  }

  private WireViolation violation(byte[] bytes) {
    return catchThrowableOfType(WireViolation.class, () -> read(bytes));
  }
}
