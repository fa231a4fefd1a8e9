package io.runwire.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * What a checkpoint says of one thread: that between the checkpoint before and this one the
 * thread's records, and no others, led from one head to the other. A thread that a checkpoint does
 * not name had no record in its span.
 *
 * <p>A head is a hash chain over the leaves of the thread's records, so it stands for all of them,
 * in order; the count numbers them without a hole. Whoever drops, adds or moves a record cannot
 * come from {@code headBefore} to {@code head} in {@code count - countBefore} steps.
 *
 * @param thread the hash of the thread's id: a checkpoint tells nobody who wrote
 * @param lastOffset of the thread's last record
 */
public record ThreadSpan(
    Hash thread, long countBefore, Hash headBefore, long count, Hash head, long lastOffset) {
  private static final byte CHAIN = 2;
  private static final int BYTES = 3 * Hash.BYTES + 3 * Long.BYTES;

  /** The hash by which checkpoints name a thread. */
  public static Hash name(String thread) {
    return Hash.of(thread.getBytes(StandardCharsets.UTF_8));
  }

  /** The head of a thread behind its next record. */
  public static Hash next(Hash head, Hash leaf) {
    return Hash.joined(CHAIN, head, leaf);
  }

  /** The leaf that it is in the tree of its checkpoint's threads. */
  public Hash leaf() {
    return Hash.leaf(content());
  }

  /** As base64, as checkpoints and bundles carry it. */
  public String encode() {
    return Base64.getEncoder().encodeToString(content());
  }

  /** What {@link #encode} wrote, or empty where it is not of the form. */
  public static Optional<ThreadSpan> parse(String base64) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
    if (bytes.length != BYTES) {
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    return Optional.of(
        new ThreadSpan(hash(in), in.getLong(), hash(in), in.getLong(), hash(in), in.getLong()));
  }

  private byte[] content() {
    return ByteBuffer.allocate(BYTES)
        .put(thread.bytes())
        .putLong(countBefore)
        .put(headBefore.bytes())
        .putLong(count)
        .put(head.bytes())
        .putLong(lastOffset)
        .array();
  }

  private static Hash hash(ByteBuffer in) {
    byte[] bytes = new byte[Hash.BYTES];
    in.get(bytes);
    return Hash.copyOf(bytes, 0);
  }
}
