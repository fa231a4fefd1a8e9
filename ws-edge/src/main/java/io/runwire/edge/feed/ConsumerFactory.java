package io.runwire.edge.feed;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Makes the edge's consumers: no group, no commits, and never a quiet reset of an offset. */
final class ConsumerFactory {
  private final Map<String, Object> settings;
  private final AtomicInteger readers = new AtomicInteger();

  ConsumerFactory(Map<String, Object> kafka) {
    this.settings = new HashMap<>(kafka);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.putIfAbsent(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
    settings.putIfAbsent(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
  }

  /** The tail's: a partition that is attached waits for the fetch in flight. */
  LogConsumer tail() {
    return create("runwire-edge-tail", 50);
  }

  /** One of the pool's: the next task waits behind the fetch that the last one left waiting. */
  LogConsumer historyReader() {
    return create("runwire-edge-history-" + readers.getAndIncrement(), 5);
  }

  /** Of thread-keys. */
  Consumer<byte[], byte[]> threadKeys() {
    return create("runwire-edge-keys", 500).kafka();
  }

  /**
   * @param fetchMaxWaitMs how long a fetch waits at the broker when there is nothing
   */
  private LogConsumer create(String clientId, int fetchMaxWaitMs) {
    Map<String, Object> own = new HashMap<>(settings);
    own.put(ConsumerConfig.CLIENT_ID_CONFIG, clientId);
    own.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, fetchMaxWaitMs);
    TopicNews news = new TopicNews();
    return new LogConsumer(
        new KafkaConsumer<>(own, new ByteArrayDeserializer(), news), news::heardAtNs);
  }
}
