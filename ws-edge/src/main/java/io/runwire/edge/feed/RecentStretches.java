package io.runwire.edge.feed;

import io.runwire.cursor.LogIdentity;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was read of history a moment ago, for those who come to read it next: a reader takes a small
 * chunk at a time, and thousands may come back to the same place. The oldest goes first when the
 * bytes are spent. Thread-safe.
 */
final class RecentStretches {
  private final long budgetBytes;
  private final Map<Integer, TreeMap<Long, Stretch>> byPartition = new HashMap<>();
  private final Map<Integer, Integer> generations = new HashMap<>();
  private final ArrayDeque<Stretch> arrivals = new ArrayDeque<>();
  private long bytes;

  RecentStretches(long budgetBytes) {
    this.budgetBytes = budgetBytes;
  }

  /** What covers an offset of a log. */
  synchronized Optional<Stretch> covering(LogIdentity log, int partition, long offset) {
    return Optional.ofNullable(byPartition.get(partition))
        .map(stretches -> stretches.floorEntry(offset))
        .map(Map.Entry::getValue)
        .filter(stretch -> stretch.covers(offset) && stretch.log().equals(log));
  }

  /** Changes whenever the partition is forgotten: what was read before is not to be added then. */
  synchronized int generation(int partition) {
    return generations.getOrDefault(partition, 0);
  }

  synchronized void add(Stretch stretch, int generation) {
    if (generation != generation(stretch.partition())) {
      return;
    }
    Stretch before =
        byPartition
            .computeIfAbsent(stretch.partition(), p -> new TreeMap<>())
            .put(stretch.from(), stretch);
    if (before != null) {
      arrivals.remove(before);
      bytes -= before.weight();
    }
    arrivals.addLast(stretch);
    bytes += stretch.weight();
    while (bytes > budgetBytes) {
      drop(arrivals.removeFirst());
    }
  }

  /** The log may have been set back: what was read of the partition is not to be trusted. */
  synchronized void forget(int partition) {
    generations.merge(partition, 1, Integer::sum);
    byPartition.remove(partition);
    arrivals.removeIf(
        stretch -> {
          if (stretch.partition() != partition) {
            return false;
          }
          bytes -= stretch.weight();
          return true;
        });
  }

  synchronized long bytes() {
    return bytes;
  }

  private void drop(Stretch stretch) {
    bytes -= stretch.weight();
    TreeMap<Long, Stretch> ofPartition = byPartition.get(stretch.partition());
    if (ofPartition != null && ofPartition.remove(stretch.from(), stretch)) {
      if (ofPartition.isEmpty()) {
        byPartition.remove(stretch.partition());
      }
    }
  }
}
