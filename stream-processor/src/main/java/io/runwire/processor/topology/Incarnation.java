package io.runwire.processor.topology;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.streams.errors.StreamsException;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Ties a store to the topic that it was built from: offsets mean nothing in a topic that was
 * deleted and created again.
 */
public final class Incarnation {
  /** Where a store keeps the topic's id; no run or thread can be called so. */
  public static final String KEY = "/incarnation";

  private Incarnation() {}

  /**
   * Ties a new store to the topic, or checks the tie of an old one.
   *
   * @throws StreamsException if the store belongs to another incarnation
   */
  public static void tie(KeyValueStore<String, byte[]> store, String topic, Uuid id) {
    byte[] tied = store.get(KEY);
    if (tied == null) {
      store.put(KEY, id.toString().getBytes(StandardCharsets.UTF_8));
    } else if (!new String(tied, StandardCharsets.UTF_8).equals(id.toString())) {
      throw new StreamsException(
          topic
              + ": topic id "
              + id
              + " (expected: "
              + new String(tied, StandardCharsets.UTF_8)
              + ", from which the store "
              + store.name()
              + " was built; the topic was deleted and created again: use a new application.id)");
    }
  }
}
