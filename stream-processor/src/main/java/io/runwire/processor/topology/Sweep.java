package io.runwire.processor.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Walks a store from end to end and again, a slice at a time, so that looking for what has expired
 * never holds up the records for long. Belongs to the stream thread.
 */
public final class Sweep {
  private static final int SLICE = 1_000; // a few milliseconds

  private final KeyValueStore<String, byte[]> store;
  private @Nullable String next;

  public Sweep(KeyValueStore<String, byte[]> store) {
    this.store = store;
  }

  /** Shows the next rows to a visitor, which may delete them. */
  public void slice(BiConsumer<String, byte[]> visitor) {
    List<KeyValue<String, byte[]>> rows = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> rest = store.range(next, null)) {
      while (rest.hasNext() && rows.size() < SLICE) {
        rows.add(rest.next());
      }
      next = rest.hasNext() ? rest.peekNextKey() : null;
    }
    rows.forEach(row -> visitor.accept(row.key, row.value));
  }
}
