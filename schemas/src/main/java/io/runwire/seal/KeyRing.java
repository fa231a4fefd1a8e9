package io.runwire.seal;

import io.runwire.seal.KeyRecord.Destroyed;
import io.runwire.seal.KeyRecord.Erased;
import io.runwire.seal.KeyRecord.Made;
import io.runwire.seal.ThreadKeys.Erasure;
import io.runwire.seal.ThreadKeys.Wrapped;
import io.runwire.topic.ThreadPartitioner;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * The topic thread-keys, as far as it was read: all keys there are, wrapped. Bounded by the topic,
 * which keeps a key for as long as a record may need it; some 400 bytes a thread. Thread-safe; one
 * thread feeds it.
 */
public final class KeyRing {
  private final int partitions;
  private final Map<String, ThreadKeys> threads = new ConcurrentHashMap<>();

  /** The next offset of each partition; guarded by this. */
  private final Map<Integer, Long> positions = new HashMap<>();

  /**
   * @param partitions of the log
   */
  public KeyRing(int partitions) {
    this.partitions = partitions;
  }

  /** Where in thread-keys a thread's keys stand. */
  public int partition(String thread) {
    return ThreadPartitioner.partition(thread, partitions);
  }

  /** What is known of a thread's keys. */
  public ThreadKeys of(String thread) {
    return threads.getOrDefault(thread, ThreadKeys.NONE);
  }

  /** Threads of which something is known. */
  public int size() {
    return threads.size();
  }

  /**
   * Waits until a partition was read up to an offset (exclusive).
   *
   * @return false if it was not within that time
   */
  public synchronized boolean await(int partition, long offset, Duration atMost)
      throws InterruptedException {
    long deadlineNs = System.nanoTime() + atMost.toNanos();
    while (positions.getOrDefault(partition, 0L) < offset) {
      long leftMs = TimeUnit.NANOSECONDS.toMillis(deadlineNs - System.nanoTime());
      if (leftMs <= 0) {
        return false;
      }
      wait(leftMs);
    }
    return true;
  }

  /** Takes the next record; returns the key that it destroyed. */
  Optional<KeyName> apply(ConsumerRecord<byte[], byte[]> record) {
    KeyRecord read = KeyRecord.parse(record.key(), record.value()).orElse(new KeyRecord.Beat());
    if (read instanceof Made made) {
      Wrapped key = new Wrapped(made.name(), record.offset(), made.wrapped());
      threads.merge(
          made.name().thread(), ThreadKeys.NONE.with(key), (known, alone) -> known.with(key));
    } else if (read instanceof Erased erased) {
      Erasure erasure = new Erasure(erased.before(), record.offset());
      threads.merge(
          erased.thread(), ThreadKeys.NONE.with(erasure), (known, alone) -> known.with(erasure));
    } else if (read instanceof Destroyed destroyed) {
      KeyName name = destroyed.name();
      boolean known = of(name.thread()).named(name.id()).isPresent();
      threads.computeIfPresent(name.thread(), (thread, keys) -> orNull(keys.without(name)));
      return known ? Optional.of(name) : Optional.empty();
    }
    return Optional.empty();
  }

  /** A partition was read up to an offset. */
  synchronized void reached(int partition, long offset) {
    positions.put(partition, offset);
    notifyAll();
  }

  /** Forgets what has expired. */
  void begin(int partition, long start) {
    for (String thread : threads.keySet()) {
      if (partition(thread) == partition) {
        threads.computeIfPresent(thread, (name, keys) -> orNull(keys.from(start)));
      }
    }
  }

  @SuppressWarnings("NullAway") // how a map is told to forget
  private static ThreadKeys orNull(ThreadKeys keys) {
    return keys.isEmpty() ? null : keys;
  }
}
