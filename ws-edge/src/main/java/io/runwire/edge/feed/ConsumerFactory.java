package io.runwire.edge.feed;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Makes the edge's consumers: no group, no commits, and never a quiet reset of an offset. */
final class ConsumerFactory {
  /**
   * Of a history reader's fetch from a partition. The default, 1 MiB, is a humongous object to G1,
   * which collects those apart, and a long while on a processor that others wait for.
   */
  private static final int HISTORY_FETCH_BYTES = 256 << 10;

  private static final int ROUND_TRIP_MS = 10;

  private final Map<String, Object> settings;
  private final AtomicInteger readers = new AtomicInteger();

  ConsumerFactory(Map<String, Object> kafka) {
    this.settings = new HashMap<>(kafka);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.putIfAbsent(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
    settings.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
    // As large as the kernel finds good. Into Kafka's 64 KiB some kernels drop what they had said
    // they would take, and it comes again after 200 ms and more.
    settings.putIfAbsent(ConsumerConfig.RECEIVE_BUFFER_CONFIG, -1);
  }

  /** The tail's: a partition that is attached waits for the fetch in flight. */
  LogConsumer tail() {
    return create("runwire-edge-tail", 50, Map.of());
  }

  /** One of the pool's: the next task waits behind the fetch that the last one left waiting. */
  LogConsumer historyReader() {
    return create(
        "runwire-edge-history-" + readers.getAndIncrement(),
        5,
        Map.of(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, HISTORY_FETCH_BYTES));
  }

  /** Of thread-keys. */
  Consumer<byte[], byte[]> threadKeys() {
    return create("runwire-edge-keys", 500, Map.of()).kafka();
  }

  /**
   * @param fetchMaxWaitMs how long a fetch waits at the broker when there is nothing
   * @param unlessSet what it has beside the configured settings
   */
  private LogConsumer create(String clientId, int fetchMaxWaitMs, Map<String, Object> unlessSet) {
    Map<String, Object> own = new HashMap<>(settings);
    unlessSet.forEach(own::putIfAbsent);
    own.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
    own.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, fetchMaxWaitMs);
    TopicNews news = new TopicNews();
    return new LogConsumer(
        new KafkaConsumer<>(own, new ByteArrayDeserializer(), news),
        news::heardAtNs,
        Duration.ofMillis(ROUND_TRIP_MS + 2L * fetchMaxWaitMs));
  }
}
