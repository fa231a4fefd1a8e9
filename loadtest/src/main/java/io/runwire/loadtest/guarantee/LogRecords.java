package io.runwire.loadtest.guarantee;

import io.runwire.event.Origin;
import io.runwire.loadtest.journal.Logged;
import java.util.HashMap;
import java.util.Map;

/** The records of thread-events, one row each, in the order of the dump. */
final class LogRecords {
  /** No row. */
  static final int NONE = LongIndex.NONE;

  private static final byte ENDS = 1;
  private static final byte WATCHDOG = 2;
  private static final byte MISPLACED = 4;
  private static final int OFFSET_BITS = 48;

  private final LongColumn stamps = new LongColumn();
  private final IntColumn partitions = new IntColumn();
  private final LongColumn offsets = new LongColumn();
  private final LongColumn sources = new LongColumn();
  private final IntColumn events = new IntColumn();
  private final LongColumn hashes = new LongColumn();
  private final ByteColumn facts = new ByteColumn();
  private final LongIndex byPosition = new LongIndex();
  private final Map<Integer, Long> begins = new HashMap<>();

  /**
   * Adds a record.
   *
   * @param misplaced whether it stands in another thread than its run's
   */
  int add(Logged record, int event, boolean misplaced) {
    int row = offsets.size();
    stamps.add(record.ms());
    partitions.add(record.partition());
    offsets.add(record.offset());
    sources.add(record.source());
    events.add(event);
    hashes.add(record.hash());
    facts.add(
        (byte)
            ((record.ends() ? ENDS : 0)
                | (record.origin() == Origin.WATCHDOG ? WATCHDOG : 0)
                | (misplaced ? MISPLACED : 0)));
    byPosition.put(key(record.partition(), record.offset()), row);
    begins.merge(record.partition(), record.offset(), Math::min);
    return row;
  }

  int size() {
    return offsets.size();
  }

  /** The record at that position, or {@link #NONE}. */
  int at(int partition, long offset) {
    return byPosition.get(key(partition, offset));
  }

  /** Whether older records than that one are gone from its partition, or might be. */
  boolean reachesBackTo(int partition, long offset) {
    return offset >= begins.getOrDefault(partition, Long.MAX_VALUE);
  }

  /** Whether a partition's oldest records are gone. */
  boolean cutOff(int partition) {
    return begins.getOrDefault(partition, 0L) > 0;
  }

  /** Whether any partition's oldest records are gone. */
  boolean cutOff() {
    return begins.values().stream().anyMatch(begin -> begin > 0);
  }

  /** When it was appended to agent-events. */
  long ms(int row) {
    return stamps.get(row);
  }

  int partition(int row) {
    return partitions.get(row);
  }

  long offset(int row) {
    return offsets.get(row);
  }

  /** The offset in agent-events that it was routed from. */
  long source(int row) {
    return sources.get(row);
  }

  int event(int row) {
    return events.get(row);
  }

  long hash(int row) {
    return hashes.get(row);
  }

  boolean ends(int row) {
    return (facts.get(row) & ENDS) != 0;
  }

  boolean byWatchdog(int row) {
    return (facts.get(row) & WATCHDOG) != 0;
  }

  boolean misplaced(int row) {
    return (facts.get(row) & MISPLACED) != 0;
  }

  String describe(int row) {
    return "thread-events-" + partitions.get(row) + " offset " + offsets.get(row);
  }

  private static long key(int partition, long offset) {
    return (long) partition << OFFSET_BITS | offset;
  }
}
