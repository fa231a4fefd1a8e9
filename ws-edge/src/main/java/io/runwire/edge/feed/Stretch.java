package io.runwire.edge.feed;

import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;
import io.runwire.edge.hub.LogEntry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A piece of one partition as it was read, shared by all who catch up there. Frames are made when a
 * thread is first asked for, and once: what nobody reads is not encoded. Used by one scan at a
 * time.
 */
final class Stretch {
  // Objects around a record, measured roughly; its frame is counted as another copy of its bytes.
  private static final int OVERHEAD_BYTES = 700;

  private final LogIdentity log;
  private final int partition;
  private final long from;
  private final long next;
  private final List<ConsumerRecord<byte[], byte[]>> records;
  private final RecordDecoder decoder;
  private final Map<String, List<ConsumerRecord<byte[], byte[]>>> byThread = new HashMap<>();
  private final Map<String, TreeMap<Long, LogEntry>> entries = new HashMap<>();
  private final long readBytes;

  /**
   * @param next the offset behind it
   */
  Stretch(
      LogIdentity log,
      int partition,
      long from,
      long next,
      List<ConsumerRecord<byte[], byte[]>> records,
      RecordDecoder decoder) {
    this.log = log;
    this.partition = partition;
    this.from = from;
    this.next = next;
    this.records = records;
    this.decoder = decoder;
    long bytes = 0;
    for (ConsumerRecord<byte[], byte[]> record : records) {
      if (record.key() != null) { // the thread; without one it is no event
        String thread = new String(record.key(), StandardCharsets.UTF_8);
        byThread.computeIfAbsent(thread, t -> new ArrayList<>()).add(record);
      }
      bytes += record.serializedKeySize() + record.serializedValueSize();
    }
    this.readBytes = bytes;
  }

  LogIdentity log() {
    return log;
  }

  int partition() {
    return partition;
  }

  long from() {
    return from;
  }

  long next() {
    return next;
  }

  int size() {
    return records.size();
  }

  /** Bytes of keys and values. */
  long readBytes() {
    return readBytes;
  }

  /** What it may weigh at most once all its frames are made. */
  long weight() {
    return 2 * readBytes + (long) OVERHEAD_BYTES * records.size();
  }

  boolean covers(long offset) {
    return from <= offset && offset < next;
  }

  /** A thread's records from an offset on, up to another (exclusive). */
  Iterable<LogEntry> entries(String thread, long fromOffset, long until) {
    if (fromOffset >= until) {
      return List.of();
    }
    return entries
        .computeIfAbsent(thread, this::encode)
        .subMap(fromOffset, true, until, false)
        .values();
  }

  /** The epoch of the last record before an offset. */
  int leaderEpochBefore(long offset) {
    ConsumerRecord<byte[], byte[]> before = last(offset);
    return before == null ? Cursor.NO_EPOCH : before.leaderEpoch().orElse(Cursor.NO_EPOCH);
  }

  private @Nullable ConsumerRecord<byte[], byte[]> last(long before) {
    int low = 0;
    int high = records.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (records.get(middle).offset() < before) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low == 0 ? null : records.get(low - 1);
  }

  private TreeMap<Long, LogEntry> encode(String thread) {
    TreeMap<Long, LogEntry> encoded = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> record : byThread.getOrDefault(thread, List.of())) {
      decoder
          .decode(log, record)
          .filter(entry -> entry.envelope().thread().equals(thread))
          .ifPresent(entry -> encoded.put(entry.offset(), entry));
    }
    return encoded;
  }
}
