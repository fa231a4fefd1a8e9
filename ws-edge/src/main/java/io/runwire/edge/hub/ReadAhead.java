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
  private final ArrayDeque<LogEntry> entries = new ArrayDeque<>();
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
    entries.addAll(chunk.entries());
    next = chunk.next();
    leaderEpoch = chunk.leaderEpoch();
    hold(chunk.entries().stream().mapToLong(LogEntry::bytes).sum());
  }

  @Nullable LogEntry peek() {
    return entries.peek();
  }

  void remove() {
    LogEntry entry = entries.poll();
    if (entry != null) {
      hold(heldBytes - entry.bytes());
    }
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  /** The last of a chunk stands for all that was scanned behind it. */
  ReadPosition scanned(ReadPosition position) {
    return entries.isEmpty() ? position.scannedTo(next, leaderEpoch, Fold.NO_FLOOR) : position;
  }

  void clear() {
    entries.clear();
    next = 0;
    leaderEpoch = Cursor.NO_EPOCH;
    hold(0);
  }

  private void hold(long bytes) {
    budget.adjust(bytes - heldBytes);
    heldBytes = bytes;
  }
}
