package io.runwire.loadtest.drive;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** A server's RFC 6455 frames, written down independently of the code under test. */
final class ServerFrames {
  private ServerFrames() {}

  static byte[] text(String text) {
    return frame(0x81, text);
  }

  /** Any frame by its first byte: FIN, reserved bits and opcode. */
  static byte[] frame(int firstByte, String payload) {
    byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
    ByteBuffer frame = ByteBuffer.allocate(10 + bytes.length).put((byte) firstByte);
    if (bytes.length < 126) {
      frame.put((byte) bytes.length);
    } else if (bytes.length < 65_536) {
      frame.put((byte) 126).putShort((short) bytes.length);
    } else {
      frame.put((byte) 127).putLong(bytes.length);
    }
    frame.put(bytes).flip();
    byte[] whole = new byte[frame.remaining()];
    frame.get(whole);
    return whole;
  }

  static byte[] close(int code) {
    return hex(String.format("8802%04x", code));
  }

  static byte[] hex(String hex) {
    return HexFormat.of().parseHex(hex);
  }

  static byte[] all(byte[]... frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] frame : frames) {
      all.writeBytes(frame);
    }
    return all.toByteArray();
  }
}
