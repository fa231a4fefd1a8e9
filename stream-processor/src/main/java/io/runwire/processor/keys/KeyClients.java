package io.runwire.processor.keys;

import io.runwire.seal.KeysUnavailableException;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The clients of thread-keys. */
final class KeyClients {
  /** How long the acknowledgement of a key may take: well within {@code max.poll.interval.ms}. */
  static final Duration ACKNOWLEDGED_WITHIN = Duration.ofSeconds(5);

  private KeyClients() {}

  static Consumer<byte[], byte[]> consumer(Map<String, Object> kafka) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "runwire-thread-keys");
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.FETCH_MIN_BYTES_CONFIG, 1);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  static Producer<byte[], byte[]> producer(Map<String, Object> kafka) {
    int withinMs = (int) ACKNOWLEDGED_WITHIN.toMillis();
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, "runwire-thread-keys");
    settings.put(ProducerConfig.ACKS_CONFIG, "all");
    settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    settings.put(ProducerConfig.LINGER_MS_CONFIG, 0);
    settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, withinMs / 2);
    settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, withinMs);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, withinMs);
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /**
   * Appends to thread-keys and awaits the acknowledgement.
   *
   * @return the record's offset
   * @throws KeysUnavailableException if there is none in time
   */
  static long append(
      Producer<byte[], byte[]> producer, int partition, byte[] key, byte @Nullable [] value) {
    try {
      return producer
          .send(new ProducerRecord<>(Topic.THREAD_KEYS.topicName(), partition, key, value))
          .get(2 * ACKNOWLEDGED_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
          .offset();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      throw new KeysUnavailableException("thread-keys takes no record", e);
    }
  }
}
