package io.runwire.audit;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** A record as the tree has it: where it stands in the log, and the hash of all that it is. */
public record Leaf(long offset, Hash hash) {
  private static final int BYTES = Long.BYTES + Hash.BYTES;

  /** Leaves as base64, forty bytes each. */
  static String encode(List<Leaf> leaves) {
    ByteBuffer out = ByteBuffer.allocate(leaves.size() * BYTES);
    leaves.forEach(leaf -> out.putLong(leaf.offset).put(leaf.hash.bytes()));
    return Base64.getEncoder().encodeToString(out.array());
  }

  /** What {@link #encode} wrote, or empty where it is not of the form. */
  static Optional<List<Leaf>> parse(String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
    if (bytes.length % BYTES != 0) {
      return Optional.empty();
    }
    List<Leaf> leaves = new ArrayList<>(bytes.length / BYTES);
    for (int at = 0; at < bytes.length; at += BYTES) {
      long offset = ByteBuffer.wrap(bytes, at, Long.BYTES).getLong();
      leaves.add(new Leaf(offset, Hash.copyOf(bytes, at + Long.BYTES)));
    }
    return Optional.of(leaves);
  }
}
