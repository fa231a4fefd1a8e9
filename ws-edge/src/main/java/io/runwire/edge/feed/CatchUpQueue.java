package io.runwire.edge.feed;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Predicate;

/**
 * The reads that wait for a scan. Readers take turns, whatever the number of reads that each has
 * here; who waits for a partition that is scanned anyway gets aboard out of turn, since that costs
 * nobody anything. Guarded by the pool.
 */
final class CatchUpQueue {
  private final int capacity;

  /** In the order of their turns. */
  private final LinkedHashMap<String, ArrayDeque<CatchUp>> byReader = new LinkedHashMap<>();

  private int size;

  CatchUpQueue(int capacity) {
    this.capacity = capacity;
  }

  int size() {
    return size;
  }

  /** Whether there was room. */
  boolean offer(CatchUp catchUp) {
    if (size >= capacity) {
      return false;
    }
    of(catchUp).addLast(catchUp);
    size++;
    return true;
  }

  /** Takes back one that was taken out before; there is always room for it, if it is wanted. */
  void putBack(CatchUp catchUp) {
    if (!catchUp.answer().isCancelled()) {
      of(catchUp).addFirst(catchUp);
      size++;
    }
  }

  /** Takes one out, if it waits. */
  void remove(CatchUp catchUp) {
    take(waiting -> waiting == catchUp);
  }

  /** Takes the first read, in the order of turns, that may be scanned for now; at most one. */
  List<CatchUp> poll(Predicate<CatchUp> mayGo) {
    for (Map.Entry<String, ArrayDeque<CatchUp>> reader : byReader.entrySet()) {
      for (CatchUp catchUp : reader.getValue()) {
        if (mayGo.test(catchUp)) {
          ArrayDeque<CatchUp> others = byReader.remove(reader.getKey());
          others.remove(catchUp);
          size--;
          if (!others.isEmpty()) {
            byReader.put(reader.getKey(), others); // behind all others
          }
          return List.of(catchUp);
        }
      }
    }
    return List.of();
  }

  /** Takes all who wait for a partition at or behind an offset. */
  List<CatchUp> board(int partition, long from) {
    return take(catchUp -> catchUp.partition() == partition && catchUp.position() >= from);
  }

  /** Takes all who have waited since before. */
  List<CatchUp> askedBefore(long ns) {
    return take(catchUp -> catchUp.askedNs() - ns < 0);
  }

  /** Where the hindmost of those who wait for a partition stands. */
  OptionalLong hindmost(int partition) {
    return byReader.values().stream()
        .flatMap(ArrayDeque::stream)
        .filter(catchUp -> catchUp.partition() == partition)
        .mapToLong(CatchUp::position)
        .min();
  }

  private List<CatchUp> take(Predicate<CatchUp> wanted) {
    List<CatchUp> taken = new ArrayList<>();
    for (Iterator<ArrayDeque<CatchUp>> readers = byReader.values().iterator();
        readers.hasNext(); ) {
      ArrayDeque<CatchUp> ofReader = readers.next();
      for (Iterator<CatchUp> reads = ofReader.iterator(); reads.hasNext(); ) {
        CatchUp catchUp = reads.next();
        if (wanted.test(catchUp)) {
          taken.add(catchUp);
          reads.remove();
        }
      }
      if (ofReader.isEmpty()) {
        readers.remove();
      }
    }
    size -= taken.size();
    return taken;
  }

  private ArrayDeque<CatchUp> of(CatchUp catchUp) {
    return byReader.computeIfAbsent(catchUp.reader(), reader -> new ArrayDeque<>());
  }
}
