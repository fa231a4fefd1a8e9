package io.runwire.edge.hub;

import io.runwire.cursor.Cursor;
import io.runwire.edge.hub.LogSource.Chunk;
import io.runwire.fold.Fold;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * The chunk of history that a subscription has read and not sent yet: all that it holds besides its
 * cursor, within the node's {@link ReadBudget}. Belongs to the subscription's delivery loop.
 */
final class ReadAhead {
  private final ReadBudget budget;

  /** None nearly always: who is live holds no queue, not even an empty one. */
  private @Nullable ArrayDeque<LogEntry> entries;

  private long next;
  private int leaderEpoch = Cursor.NO_EPOCH;
  private long heldBytes;

  ReadAhead(ReadBudget budget) {
    this.budget = budget;
  }

  /** Makes room for a chunk; returns how large it may be, in bytes. */
  int reserve() {
    clear();
    int granted = budget.reserve();
    heldBytes = granted;
    return granted;
  }

  /** Takes the chunk that room was made for. */
  void fill(Chunk chunk) {
    clear();
    entries = chunk.entries().isEmpty() ? null : new ArrayDeque<>(chunk.entries());
    next = chunk.next();
    leaderEpoch = chunk.leaderEpoch();
    hold(chunk.entries().stream().mapToLong(LogEntry::bytes).sum());
  }

  @Nullable LogEntry peek() {
    return entries == null ? null : entries.peek();
  }

  void remove() {
    if (entries != null) {
      hold(heldBytes - entries.remove().bytes());
      entries = entries.isEmpty() ? null : entries;
    }
  }

  boolean isEmpty() {
    return entries == null;
  }

  /** The last of a chunk stands for all that was scanned behind it. */
  ReadPosition scanned(ReadPosition position) {
    return entries == null ? position.scannedTo(next, leaderEpoch, Fold.NO_FLOOR) : position;
  }

  void clear() {
    entries = null;
    next = 0;
    leaderEpoch = Cursor.NO_EPOCH;
    hold(0);
  }

  private void hold(long bytes) {
    budget.adjust(bytes - heldBytes);
    heldBytes = bytes;
  }
}
