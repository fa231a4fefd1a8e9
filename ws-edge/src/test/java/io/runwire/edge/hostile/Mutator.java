package io.runwire.edge.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/** Spoils bytes that were valid, a little. The same random numbers spoil them in the same way. */
final class Mutator {
  private static final int MOST_CHANGES = 4;
  private static final int LONGEST_RANGE = 24;

  /** What parsers stumble over. */
  private static final List<byte[]> WORDS =
      List.of(
          bytes("\0"),
          bytes("\r\n"),
          bytes("\\u0000"),
          bytes("\\ud800"),
          bytes("\u202e"),
          bytes("null"),
          bytes("1e400"),
          bytes("-1"),
          bytes("9223372036854775808"),
          bytes("{\"a\":"),
          bytes("["),
          bytes("\""),
          bytes("%00"),
          bytes("%2f.."),
          bytes("x".repeat(300)),
          new byte[] {(byte) 0xff, (byte) 0xff},
          new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80},
          new byte[] {(byte) 0x81, (byte) 0xff, 0x7f},
          new byte[] {(byte) 0x88, (byte) 0x80, 0, 0, 0, 0});

  private final RandomGenerator random;

  Mutator(RandomGenerator random) {
    this.random = random;
  }

  byte[] spoil(byte[] valid) {
    byte[] bytes = valid;
    int changes = 1 + random.nextInt(MOST_CHANGES);
    for (int i = 0; i < changes; i++) {
      bytes = change(bytes);
    }
    return bytes;
  }

  private byte[] change(byte[] bytes) {
    int at = random.nextInt(bytes.length + 1);
    int to = Math.min(bytes.length, at + 1 + random.nextInt(LONGEST_RANGE));
    return switch (random.nextInt(6)) {
      case 0 -> flipped(bytes, at);
      case 1 -> joined(Arrays.copyOf(bytes, at), rest(bytes, to)); // a range is missing
      case 2 -> joined(Arrays.copyOf(bytes, to), rest(bytes, at)); // a range stands twice
      case 3 -> joined(Arrays.copyOf(bytes, at), word(), rest(bytes, at));
      case 4 -> joined(Arrays.copyOf(bytes, at), word(), rest(bytes, to));
      default -> Arrays.copyOf(bytes, at);
    };
  }

  private byte[] flipped(byte[] bytes, int at) {
    byte[] copy = bytes.clone();
    if (at < copy.length) {
      copy[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
    }
    return copy;
  }

  private byte[] word() {
    return WORDS.get(random.nextInt(WORDS.size()));
  }

  private static byte[] rest(byte[] bytes, int from) {
    return Arrays.copyOfRange(bytes, from, bytes.length);
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
