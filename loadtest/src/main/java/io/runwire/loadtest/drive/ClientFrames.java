package io.runwire.loadtest.drive;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client's RFC 6455 frames, masked, each one whole. */
final class ClientFrames {
  private static final int LAST = 0x80;
  private static final int MASKED = 0x80;

  private ClientFrames() {}

  static ByteBuffer text(String text, int mask) {
    return frame(Opcode.TEXT, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), mask);
  }

  static ByteBuffer pong(ByteBuffer payload, int mask) {
    return frame(Opcode.PONG, payload, mask);
  }

  /** Without a status where {@code code} is {@link FrameReader#NO_STATUS}. */
  static ByteBuffer close(int code, int mask) {
    ByteBuffer payload = ByteBuffer.allocate(Short.BYTES);
    if (code == FrameReader.NO_STATUS) {
      payload.limit(0);
    } else {
      payload.putShort((short) code).flip();
    }
    return frame(Opcode.CLOSE, payload, mask);
  }

  private static ByteBuffer frame(int opcode, ByteBuffer payload, int mask) {
    int length = payload.remaining();
    ByteBuffer frame = ByteBuffer.allocate(14 + length);
    frame.put((byte) (LAST | opcode));
    if (length < 126) {
      frame.put((byte) (MASKED | length));
    } else if (length <= 0xffff) {
      frame.put((byte) (MASKED | 126)).putShort((short) length);
    } else {
      frame.put((byte) (MASKED | 127)).putLong(length);
    }
    frame.putInt(mask);
    for (int i = 0; i < length; i++) {
      frame.put((byte) (payload.get(payload.position() + i) ^ (mask >>> (24 - 8 * (i & 3)))));
    }
    return frame.flip();
  }
}
