package io.runwire.edge.hub;

import io.runwire.cursor.Cursor;
import io.runwire.fold.Fold;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The recent records of one partition, from {@code start} (inclusive) to {@code end} (exclusive).
 *
 * <p>Written by the tail's thread, read by the delivery loops; every method is short and holds the
 * monitor. A window that is opened again (after an error, or on another log) has a new generation:
 * positions from an older one have to be located anew before they may be compared with it.
 */
public final class Window {
  /** What a reader finds at its position. */
  sealed interface Next {}

  /** The thread's next record. */
  record Found(LogEntry entry) implements Next {}

  /** The thread has no record from the position to the window's end. */
  record CaughtUp(long end, int leaderEpoch, long sourceFloor) implements Next {}

  /** The position lies before the window. */
  record Behind(long windowStart) implements Next {}

  /** The window is not open, or was opened again since the position was located. */
  record Stale() implements Next {}

  static final Stale STALE = new Stale();

  private final ArrayDeque<LogEntry> entries = new ArrayDeque<>();
  private final Map<String, TreeMap<Long, LogEntry>> byThread = new HashMap<>();
  private boolean open;
  private long generation;
  private long start;
  private long end;
  private int endEpoch = Cursor.NO_EPOCH;
  private long sourceFloor = Fold.NO_FLOOR;

  /** Empties the window and opens it at an offset: records from there on will be appended. */
  synchronized void openAt(long offset) {
    close();
    open = true;
    start = offset;
    end = offset;
  }

  /** Empties the window; readers find it stale until it is opened again. */
  synchronized void close() {
    open = false;
    generation++;
    entries.clear();
    byThread.clear();
    endEpoch = Cursor.NO_EPOCH;
    sourceFloor = Fold.NO_FLOOR;
  }

  /**
   * Appends records in log order.
   *
   * @param newEnd the offset behind the last record read, which may be one that is no entry
   * @param newEndEpoch the leader epoch of that record
   */
  synchronized void append(List<LogEntry> batch, long newEnd, int newEndEpoch) {
    for (LogEntry entry : batch) {
      entries.addLast(entry);
      byThread.computeIfAbsent(entry.thread(), t -> new TreeMap<>()).put(entry.offset(), entry);
      sourceFloor = Math.max(sourceFloor, entry.sourceOffset());
    }
    end = newEnd;
    endEpoch = newEndEpoch;
  }

  /** Drops the oldest record and returns its weight. */
  synchronized int evictOldest() {
    LogEntry oldest = entries.removeFirst();
    start = oldest.offset() + 1;
    TreeMap<Long, LogEntry> ofThread = byThread.get(oldest.thread());
    if (ofThread != null) {
      ofThread.remove(oldest.offset());
      if (ofThread.isEmpty()) {
        byThread.remove(oldest.thread());
      }
    }
    return oldest.bytes();
  }

  /** The next record of a thread at or behind a position that was located in a generation. */
  synchronized Next next(String thread, long position, long locatedIn) {
    if (!open || locatedIn != generation) {
      return STALE;
    }
    if (position < start) {
      return new Behind(start);
    }
    TreeMap<Long, LogEntry> ofThread = byThread.get(thread);
    Map.Entry<Long, LogEntry> entry = ofThread == null ? null : ofThread.ceilingEntry(position);
    return entry == null ? new CaughtUp(end, endEpoch, sourceFloor) : new Found(entry.getValue());
  }

  /**
   * Names the threads of the records at or behind an offset, newest first, repetitions included.
   *
   * @return the window's end
   */
  synchronized long threadsSince(long offset, Consumer<String> thread) {
    for (Iterator<LogEntry> newest = entries.descendingIterator(); newest.hasNext(); ) {
      LogEntry entry = newest.next();
      if (entry.offset() < offset) {
        break;
      }
      thread.accept(entry.thread());
    }
    return end;
  }

  /**
   * Whether the record before the cursor is here, was written under its epoch, and is young enough:
   * then the cursor surely stands in this log, and may be read from.
   */
  synchronized boolean vouchesFor(String thread, Cursor cursor, OptionalLong notBeforeMs) {
    TreeMap<Long, LogEntry> ofThread = byThread.get(thread);
    LogEntry before = ofThread == null ? null : ofThread.get(cursor.offset() - 1);
    return before != null
        && before.leaderEpoch() == cursor.leaderEpoch()
        && before.timestampMs() >= notBeforeMs.orElse(Long.MIN_VALUE);
  }

  synchronized boolean isOpen() {
    return open;
  }

  synchronized long generation() {
    return generation;
  }

  synchronized long start() {
    return start;
  }

  synchronized long weight() {
    return entries.stream().mapToLong(LogEntry::bytes).sum();
  }

  synchronized int size() {
    return entries.size();
  }
}
