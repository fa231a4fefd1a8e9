package io.runwire.producer.kafka;

import static org.apache.kafka.clients.producer.ProducerConfig.ACKS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.BOOTSTRAP_SERVERS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.LINGER_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.MAX_BLOCK_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.MAX_REQUEST_SIZE_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.PARTITIONER_CLASS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.TRANSACTIONAL_ID_CONFIG;
import static org.apache.kafka.clients.producer.ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG;

import io.runwire.event.EventValue;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;

/** The Kafka producer's settings: what the order of a run rests on is fixed, the rest is advice. */
final class ProducerSettings {
  /** A value of the largest size, its headers, and the framing of its batch. */
  private static final int MAX_REQUEST_BYTES = EventValue.MAX_BYTES + (64 << 10);

  private static final Map<String, String> FIXED =
      Map.of(ACKS_CONFIG, "all", ENABLE_IDEMPOTENCE_CONFIG, "true");

  // An event is tiny and someone is waiting for it: never linger (Kafka 4 would, 5 ms), and do not
  // compress, which gains nothing on batches of a few hundred bytes.
  private static final Map<String, Object> ADVICE =
      Map.of(
          LINGER_MS_CONFIG, 0,
          MAX_BLOCK_MS_CONFIG, 3_000,
          REQUEST_TIMEOUT_MS_CONFIG, 10_000,
          DELIVERY_TIMEOUT_MS_CONFIG, 20_000,
          MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);

  /** Among them who places a record: see {@link ThreadPlacement}. */
  private static final String[] NOT_TO_BE_SET = {
    BOOTSTRAP_SERVERS_CONFIG,
    KEY_SERIALIZER_CLASS_CONFIG,
    VALUE_SERIALIZER_CLASS_CONFIG,
    PARTITIONER_CLASS_CONFIG,
    PARTITIONER_IGNORE_KEYS_CONFIG,
    TRANSACTIONAL_ID_CONFIG
  };

  private ProducerSettings() {}

  /**
   * The producer's settings, with the user's own over the advice.
   *
   * @throws ConfigException where an override would break the order of a run
   */
  static Map<String, Object> of(KafkaLogConfig config) {
    FIXED.forEach(
        (key, value) -> {
          Object override = config.overrides().getOrDefault(key, value);
          if (!value.equals(override)) {
            throw refused(key, override, value);
          }
        });
    for (String key : NOT_TO_BE_SET) {
      Object override = config.overrides().get(key);
      if (override != null) {
        throw refused(key, override, "not set");
      }
    }
    Map<String, Object> settings = new HashMap<>(ADVICE);
    settings.putAll(config.overrides());
    settings.putAll(FIXED);
    settings.put(BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    settings.put(PARTITIONER_CLASS_CONFIG, ThreadPlacement.class);
    return settings;
  }

  private static ConfigException refused(String key, Object found, String expected) {
    return new ConfigException("kafka." + key + ": " + found + " (expected: " + expected + ")");
  }
}
