package io.runwire.processor.audit;

import io.runwire.event.Ids;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The notary's Kafka clients, with the settings that its promises rest on. */
final class NotaryClients {
  /**
   * Checkpoints that one transaction may hold, where there is a backlog: a transaction, and a disk
   * that is waited for, cost more than signing a thousand records.
   */
  private static final int CHECKPOINTS_A_TURN = 8;

  /** How long a transaction of a notary that died holds up its successor. */
  static final Duration TRANSACTION_TIMEOUT = Duration.ofSeconds(15);

  private NotaryClients() {}

  static Map<String, Object> admin(NotaryConfig config) {
    return common(config);
  }

  /** Reads thread-events as a member of the group. */
  static KafkaConsumer<byte[], byte[]> source(NotaryConfig config) {
    Map<String, Object> settings = reading(config);
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, config.groupId());
    settings.put(
        ConsumerConfig.MAX_POLL_RECORDS_CONFIG, CHECKPOINTS_A_TURN * config.everyRecords());
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Reads audit-checkpoints, outside of any group. */
  static KafkaConsumer<byte[], byte[]> checkpoints(NotaryConfig config) {
    return new KafkaConsumer<>(
        reading(config), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** Sees where audit-checkpoints ends, whether that is committed or not. */
  static KafkaConsumer<byte[], byte[]> undecided(NotaryConfig config) {
    Map<String, Object> settings = reading(config);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  static KafkaProducer<byte[], byte[]> producer(NotaryConfig config) {
    Map<String, Object> settings = common(config);
    settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, config.groupId() + "-" + Ids.random("n"));
    settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) TRANSACTION_TIMEOUT.toMillis());
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 4 << 20);
    settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static Map<String, Object> reading(NotaryConfig config) {
    Map<String, Object> settings = common(config);
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    // A predecessor's transaction is waited for, and counts only if it was committed.
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    return settings;
  }

  private static Map<String, Object> common(NotaryConfig config) {
    Map<String, Object> settings = new HashMap<>(config.kafka());
    settings.putIfAbsent(CommonClientConfigs.RECEIVE_BUFFER_CONFIG, -1); // see StreamsSettings
    settings.put("bootstrap.servers", config.bootstrapServers());
    return settings;
  }
}
