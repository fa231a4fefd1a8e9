package io.runwire.edge.hub;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntConsumer;
import java.util.stream.Stream;

/**
 * The windows of all attached partitions under one byte budget; when it is spent, the records that
 * arrived first go first, whatever their partition.
 *
 * <p>{@link #open}, {@link #append} and {@link #close} belong to the tail's thread; the rest may be
 * called from any.
 */
public final class Windows {
  private final long budgetBytes;
  private final List<Window> windows;
  private final CopyOnWriteArrayList<IntConsumer> listeners = new CopyOnWriteArrayList<>();
  private final AtomicLong bytes = new AtomicLong();

  /** For each record in a window, its window; the tail's thread alone. */
  private final ArrayDeque<Window> arrivals = new ArrayDeque<>();

  public Windows(int partitions, long budgetBytes) {
    this.windows = Stream.generate(Window::new).limit(partitions).toList();
    this.budgetBytes = budgetBytes;
  }

  /** Calls {@code advanced} with the partition whenever a window was opened or appended to. */
  public void onAdvance(IntConsumer advanced) {
    listeners.add(advanced);
  }

  /** Opens, or opens again, the window of a partition. */
  public void open(int partition, long offset) {
    clear(partition);
    window(partition).openAt(offset);
    advanced(partition);
  }

  public void close(int partition) {
    clear(partition);
    window(partition).close();
    advanced(partition);
  }

  /**
   * Appends what was read of a partition, up to {@code newEnd} (exclusive).
   *
   * @param newEndEpoch the leader epoch of the last record read, kept or not
   */
  public void append(int partition, List<LogEntry> batch, long newEnd, int newEndEpoch) {
    Window window = window(partition);
    window.append(batch, newEnd, newEndEpoch);
    for (LogEntry entry : batch) {
      arrivals.addLast(window);
      bytes.addAndGet(entry.bytes());
    }
    while (bytes.get() > budgetBytes) {
      bytes.addAndGet(-arrivals.removeFirst().evictOldest());
    }
    advanced(partition);
  }

  /** Bytes held by all windows. */
  public long bytes() {
    return bytes.get();
  }

  public long budgetBytes() {
    return budgetBytes;
  }

  Window window(int partition) {
    return windows.get(partition);
  }

  private void clear(int partition) {
    Window window = window(partition);
    bytes.addAndGet(-window.weight());
    arrivals.removeIf(w -> w == window);
  }

  private void advanced(int partition) {
    listeners.forEach(listener -> listener.accept(partition));
  }
}
