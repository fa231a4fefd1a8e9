package io.runwire.audit;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A record of thread-events as it lies in the log: all that the notary signs of it. What a broker
 * may change without changing the record (leader epoch, compression, batch) is no part of it.
 *
 * @param timestampMs since the epoch, as stored
 * @param headers all of them, in their order
 */
public record StoredRecord(
    int partition,
    long offset,
    long timestampMs,
    byte @Nullable [] key,
    byte @Nullable [] value,
    Headers headers) {
  private static final byte VERSION = 1;
  private static final int ABSENT = -1;

  /** A record as a consumer read it. */
  public static StoredRecord of(ConsumerRecord<byte[], byte[]> read) {
    return new StoredRecord(
        read.partition(),
        read.offset(),
        read.timestamp(),
        read.key(),
        read.value(),
        read.headers());
  }

  /**
   * The leaf that the record is in its partition's tree.
   *
   * @param topicId of thread-events: a record of another incarnation is another leaf
   */
  public Hash leaf(Uuid topicId) {
    return Hash.leaf(content(topicId));
  }

  /** Version, position, time, key, value, headers; each of variable length behind its length. */
  private byte[] content(Uuid topicId) {
    List<byte[]> texts = new ArrayList<>();
    for (Header header : headers) {
      texts.add(header.key().getBytes(StandardCharsets.UTF_8));
    }
    int bytes = 1 + 16 + Integer.BYTES + 2 * Long.BYTES + size(key) + size(value) + Integer.BYTES;
    int i = 0;
    for (Header header : headers) {
      bytes += size(texts.get(i++)) + size(header.value());
    }
    ByteBuffer out = ByteBuffer.allocate(bytes).put(VERSION);
    out.putLong(topicId.getMostSignificantBits()).putLong(topicId.getLeastSignificantBits());
    out.putInt(partition).putLong(offset).putLong(timestampMs);
    put(out, key);
    put(out, value);
    out.putInt(texts.size());
    i = 0;
    for (Header header : headers) {
      put(out, texts.get(i++));
      put(out, header.value());
    }
    return out.array();
  }

  private static int size(byte @Nullable [] bytes) {
    return Integer.BYTES + (bytes == null ? 0 : bytes.length);
  }

  private static void put(ByteBuffer out, byte @Nullable [] bytes) {
    if (bytes == null) {
      out.putInt(ABSENT);
    } else {
      out.putInt(bytes.length).put(bytes);
    }
  }
}
