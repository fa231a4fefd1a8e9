package io.runwire.producer.kafka;

import io.runwire.producer.log.AgentEvent;
import java.util.ArrayDeque;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A run's events that are not settled, in seq order, bounded in bytes: first those sent in the
 * current round, then those still to be sent.
 *
 * <p>The first event of all goes alone, and the others wait until it is settled: a reader to whom
 * the run is new takes it up wherever it first meets it, so that must be its start.
 *
 * <p>Not thread-safe: guarded by its lane's lock.
 */
final class UnsettledWindow {
  /** What an event costs beside its value: record, headers, entry. An estimate on the safe side. */
  static final long OVERHEAD_BYTES = 512;

  private final long bound;
  private final ArrayDeque<Entry> sent = new ArrayDeque<>();
  private final ArrayDeque<Entry> unsent = new ArrayDeque<>();
  private long bytes;
  private boolean started;

  UnsettledWindow(long bound) {
    this.bound = bound;
  }

  static long bytes(AgentEvent event) {
    return event.value().length + OVERHEAD_BYTES;
  }

  /** Whether that much more fits. Anything fits into an empty window. */
  boolean hasRoom(long more) {
    return bytes == 0 || bytes + more <= bound;
  }

  void add(AgentEvent event) {
    Entry entry = new Entry(EventRecord.of(event), bytes(event));
    unsent.add(entry);
    bytes += entry.bytes;
  }

  /** Whether there is something to send now. */
  boolean hasNext() {
    return !unsent.isEmpty() && (started || sent.isEmpty());
  }

  /** The next event to send, from now on sent; null where there is none. */
  @Nullable Entry next() {
    if (!hasNext()) {
      return null;
    }
    Entry entry = unsent.remove();
    sent.add(entry);
    return entry;
  }

  /** Notes an acknowledgement of the current round and returns how many events it settled. */
  int acknowledged(Entry entry) {
    entry.acknowledged = true;
    int settled = 0;
    for (Entry first = sent.peek(); first != null && first.acknowledged; first = sent.peek()) {
      sent.remove();
      bytes -= first.bytes;
      started = true;
      settled++;
    }
    return settled;
  }

  /** Begins a new round: everything unsettled is to be sent, acknowledged or not. */
  void startOver() {
    for (Entry last = sent.pollLast(); last != null; last = sent.pollLast()) {
      last.acknowledged = false;
      last.repeated = true;
      unsent.addFirst(last);
    }
  }

  boolean isEmpty() {
    return bytes == 0;
  }

  void clear() {
    sent.clear();
    unsent.clear();
    bytes = 0;
  }

  /** An event on its way. */
  static final class Entry {
    final ProducerRecord<byte[], byte[]> record;
    private final long bytes;
    private boolean acknowledged;
    private boolean repeated;

    private Entry(ProducerRecord<byte[], byte[]> record, long bytes) {
      this.record = record;
      this.bytes = bytes;
    }

    /** Whether it was sent in an earlier round. */
    boolean repeated() {
      return repeated;
    }
  }
}
