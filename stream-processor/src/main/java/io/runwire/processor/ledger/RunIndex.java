package io.runwire.processor.ledger;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import org.apache.kafka.streams.state.KeyValueIterator;

/** Several stretches of the ledger's index, merged newest first. Belongs to one request. */
final class RunIndex implements AutoCloseable {
  /** A run, and the partition that has its row. */
  record Entry(int partition, String run) {}

  /** One stretch: the keys of a partition that share a prefix. */
  private record Stretch(int partition, String prefix, KeyValueIterator<String, byte[]> keys) {
    String head() {
      return keys.peekNextKey().substring(prefix.length());
    }
  }

  private final List<Stretch> all = new ArrayList<>();
  private final PriorityQueue<Stretch> heads =
      new PriorityQueue<>(Comparator.comparing(Stretch::head));

  void add(int partition, String prefix, KeyValueIterator<String, byte[]> keys) {
    Stretch stretch = new Stretch(partition, prefix, keys);
    all.add(stretch);
    if (keys.hasNext()) {
      heads.add(stretch);
    }
  }

  boolean hasNext() {
    return !heads.isEmpty();
  }

  Entry next() {
    Stretch stretch = heads.remove();
    Entry entry = new Entry(stretch.partition, LedgerKeys.runOf(stretch.head()));
    stretch.keys.next();
    if (stretch.keys.hasNext()) {
      heads.add(stretch);
    }
    return entry;
  }

  @Override
  public void close() {
    all.forEach(stretch -> stretch.keys.close());
  }
}
