package io.runwire.loadtest.drive;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class ClientFramesTest {
  private static final int MASK = 0x37fa213d; // RFC 6455 §5.7

  @Test
  void masksAsTheExampleOfTheRfc() {
    assertThat(hex(ClientFrames.text("Hello", MASK))).isEqualTo("818537fa213d7f9f4d5158");
  }

  @Test
  void answersAPingWithItsPayload() {
    ByteBuffer payload = ByteBuffer.wrap("Hello".getBytes(StandardCharsets.UTF_8));
    assertThat(hex(ClientFrames.pong(payload, MASK))).isEqualTo("8a8537fa213d7f9f4d5158");
  }

  @Test
  void closesWithACodeOrWithout() {
    assertThat(hex(ClientFrames.close(1000, 0))).isEqualTo("88820000000003e8");
    assertThat(hex(ClientFrames.close(FrameReader.NO_STATUS, 0))).isEqualTo("888000000000");
  }

  @Test
  void writesLongLengthsIn16And64Bits() {
    assertThat(hex(ClientFrames.text("x".repeat(125), 0))).startsWith("81fd00000000");
    assertThat(hex(ClientFrames.text("x".repeat(126), 0))).startsWith("81fe007e00000000");
    assertThat(hex(ClientFrames.text("x".repeat(65_535), 0))).startsWith("81feffff00000000");
    assertThat(hex(ClientFrames.text("x".repeat(65_536), 0)))
        .startsWith("81ff000000000001000000000000");
  }

  private static String hex(ByteBuffer frame) {
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
