package io.runwire.producer.kafka;

import io.runwire.producer.log.AgentEvent;
import java.util.ArrayDeque;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A run's events that are not settled, in seq order, bounded in bytes, by itself and together with
 * all others by the {@link Spool}: first those sent in the current round, then those still to be
 * sent.
 *
 * <p>Only so much of it is on its way to Kafka at a time; what is not yet can still be replaced.
 *
 * <p>The first event of all goes alone, and the others wait until it is settled: a reader to whom
 * the run is new takes it up wherever it first meets it, so that must be its start.
 *
 * <p>Not thread-safe: guarded by its lane's lock.
 */
final class UnsettledWindow {
  /** What an event costs beside its value: record, headers, entry. An estimate on the safe side. */
  static final long OVERHEAD_BYTES = 512;

  /** How much of the bound may be on the way to Kafka. */
  private static final int ON_THE_WAY = 4;

  /** Likewise while room is short: what waits here can be joined, what waits there cannot. */
  private static final int ON_THE_WAY_IF_TIGHT = 64;

  private final long bound;
  private final Spool spool;
  private final ArrayDeque<Entry> sent = new ArrayDeque<>();
  private final ArrayDeque<Entry> unsent = new ArrayDeque<>();
  private long bytes;
  private long sentBytes;
  private boolean started;

  UnsettledWindow(long bound, Spool spool) {
    this.bound = bound;
    this.spool = spool;
  }

  static long bytes(AgentEvent event) {
    return event.value().length + OVERHEAD_BYTES;
  }

  static long bytes(List<AgentEvent> events) {
    return events.stream().mapToLong(UnsettledWindow::bytes).sum();
  }

  /** Whether that much more fits here. Anything fits into an empty window. */
  boolean hasRoom(long more) {
    return bytes == 0 || bytes + more <= bound;
  }

  /** Whether more than half of the room is used, here or in the spool. */
  boolean isTight() {
    return bytes > bound / 2 || spool.isTight();
  }

  /** Adds all or none: none if they do not fit, here or in the spool. */
  boolean tryAdd(List<AgentEvent> events) {
    long more = bytes(events);
    if (!hasRoom(more) || !spool.tryTake(more)) {
      return false;
    }
    events.forEach(this::keep);
    return true;
  }

  /** Adds all, whether they fit or not. */
  void add(List<AgentEvent> events) {
    spool.take(bytes(events));
    events.forEach(this::keep);
  }

  private void keep(AgentEvent event) {
    Entry entry = new Entry(EventRecord.of(event), bytes(event));
    unsent.add(entry);
    bytes += entry.bytes;
  }

  /** Puts the event in the place of the last one, unless that was sent or there is no room. */
  boolean replaceLast(AgentEvent event) {
    Entry last = unsent.peekLast();
    if (last == null || last.repeated) {
      return false;
    }
    long more = bytes(event) - last.bytes;
    if (!hasRoom(more) || !spool.tryTake(more)) {
      return false;
    }
    unsent.removeLast();
    bytes -= last.bytes;
    keep(event);
    return true;
  }

  /** Whether there is something to send now. */
  boolean hasNext() {
    return !unsent.isEmpty() && (sent.isEmpty() || (started && sentBytes < mayBeOnTheWay()));
  }

  private long mayBeOnTheWay() {
    return bound / (isTight() ? ON_THE_WAY_IF_TIGHT : ON_THE_WAY);
  }

  /** The next event to send, from now on sent; null where there is none. */
  @Nullable Entry next() {
    if (!hasNext()) {
      return null;
    }
    Entry entry = unsent.remove();
    sent.add(entry);
    sentBytes += entry.bytes;
    return entry;
  }

  /** Notes an acknowledgement of the current round and returns how many events it settled. */
  int acknowledged(Entry entry) {
    entry.acknowledged = true;
    int settled = 0;
    long before = bytes;
    for (Entry first = sent.peek(); first != null && first.acknowledged; first = sent.peek()) {
      sent.remove();
      bytes -= first.bytes;
      sentBytes -= first.bytes;
      started = true;
      settled++;
    }
    spool.release(before - bytes);
    return settled;
  }

  /** Begins a new round: everything unsettled is to be sent, acknowledged or not. */
  void startOver() {
    for (Entry last = sent.pollLast(); last != null; last = sent.pollLast()) {
      last.acknowledged = false;
      last.repeated = true;
      unsent.addFirst(last);
    }
    sentBytes = 0;
  }

  boolean isEmpty() {
    return bytes == 0;
  }

  void clear() {
    sent.clear();
    unsent.clear();
    spool.release(bytes);
    bytes = 0;
    sentBytes = 0;
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
