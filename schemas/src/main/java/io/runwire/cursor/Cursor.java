package io.runwire.cursor;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.kafka.common.Uuid;

/**
 * A position in thread-events: the only notion of progress. Opaque to clients, URL-safe,
 * self-checking, and the same for every reader of a thread.
 *
 * <p>A position, never an authority: the token decides what may be read.
 *
 * @param log which log this is a position in
 * @param partition of thread-events, from 0
 * @param offset of the next record to read
 * @param leaderEpoch of the record before it, {@link #NO_EPOCH} where unknown; a diverging epoch
 *     shows a truncated log
 * @param sourceOffset the highest offset of agent-events that lies behind this position, −1 for
 *     none: the floor of the fold
 * @param threadHash tells another thread's cursor from this one's
 */
public record Cursor(
    LogIdentity log,
    int partition,
    long offset,
    int leaderEpoch,
    long sourceOffset,
    int threadHash) {
  /** The leader epoch of a position of which none is known. */
  public static final int NO_EPOCH = -1;

  private static final long NO_SOURCE = -1;

  private static final byte VERSION = 1;
  private static final int CHECKSUM_BYTES = Integer.BYTES;
  // version, two topic ids, partitions, partition, offset, epoch, source offset, thread hash, CRC.
  // Divisible by three, so that its base64 has no slack bits and hence one form only.
  private static final int BYTES = 1 + 16 + 16 + 4 + 4 + 8 + 4 + 8 + 4 + CHECKSUM_BYTES;

  /** Length of every cursor's text, in chars. */
  public static final int LENGTH = BYTES / 3 * 4;

  public Cursor {
    if (!possible(log.partitions(), partition, offset, leaderEpoch, sourceOffset)) {
      throw new IllegalArgumentException(
          String.format(
              "cursor: partition %d of %d, offset %d, epoch %d, source offset %d"
                  + " (expected: partition < partitions, none below 0 but -1 for no epoch or source)",
              partition, log.partitions(), offset, leaderEpoch, sourceOffset));
    }
  }

  /** The hash by which a cursor tells its thread. */
  public static int hash(String thread) {
    CRC32C crc = new CRC32C();
    crc.update(thread.getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }

  /** Whether this is a position in that thread. */
  public boolean isOf(String thread) {
    return threadHash == hash(thread);
  }

  /** The text that clients carry. */
  public String encode() {
    return new String(encodeAscii(), StandardCharsets.ISO_8859_1);
  }

  /** {@link #encode()} as ASCII bytes, to be spliced into a frame. */
  public byte[] encodeAscii() {
    ByteBuffer out = ByteBuffer.allocate(BYTES).put(VERSION);
    put(out, log.threadEvents());
    put(out, log.agentEvents());
    out.putInt(log.partitions())
        .putInt(partition)
        .putLong(offset)
        .putInt(leaderEpoch)
        .putLong(sourceOffset)
        .putInt(threadHash);
    out.putInt(checksum(out.array()));
    return Base64.getUrlEncoder().withoutPadding().encode(out.array());
  }

  /** The cursor that the text holds, or empty where it is damaged or of another version. */
  public static Optional<Cursor> decode(String text) {
    if (text.length() != LENGTH) {
      return Optional.empty();
    }
    byte[] bytes;
    try {
      bytes = Base64.getUrlDecoder().decode(text);
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
    if (bytes.length != BYTES) { // padding took the place of data
      return Optional.empty();
    }
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (in.get() != VERSION || in.getInt(BYTES - CHECKSUM_BYTES) != checksum(bytes)) {
      return Optional.empty();
    }
    Uuid threadEvents = uuid(in);
    Uuid agentEvents = uuid(in);
    int partitions = in.getInt();
    int partition = in.getInt();
    long offset = in.getLong();
    int leaderEpoch = in.getInt();
    long sourceOffset = in.getLong();
    if (!possible(partitions, partition, offset, leaderEpoch, sourceOffset)) {
      return Optional.empty();
    }
    LogIdentity log = new LogIdentity(threadEvents, agentEvents, partitions);
    return Optional.of(new Cursor(log, partition, offset, leaderEpoch, sourceOffset, in.getInt()));
  }

  private static boolean possible(
      int partitions, int partition, long offset, int leaderEpoch, long sourceOffset) {
    return partition >= 0
        && partition < partitions
        && offset >= 0
        && leaderEpoch >= NO_EPOCH
        && sourceOffset >= NO_SOURCE;
  }

  private static int checksum(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, BYTES - CHECKSUM_BYTES);
    return (int) crc.getValue();
  }

  private static void put(ByteBuffer out, Uuid id) {
    out.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }

  private static Uuid uuid(ByteBuffer in) {
    return new Uuid(in.getLong(), in.getLong());
  }
}
