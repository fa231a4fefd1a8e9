package io.runwire.processor;

import io.runwire.processor.topics.Unacknowledged;
import io.runwire.processor.topology.LogStamp;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.DefaultProductionExceptionHandler;
import org.apache.kafka.streams.errors.LogAndFailProcessingExceptionHandler;
import org.apache.kafka.streams.state.HostInfo;

/** What Kafka Streams is told: what may be changed, and what the router's promises rest on. */
final class StreamsSettings {
  /**
   * Rows that have not gone to store and changelog yet: those of one commit interval, some tens of
   * thousands at 1 KiB. Where there are more, they go earlier.
   */
  private static final long CACHE_BYTES = 16L << 20;

  private static final int COMMIT_INTERVAL_MS = 1_000;

  private static final int MAX_REQUEST_BYTES = 4 << 20; // any record that the topics take

  /** Changed by the same key behind {@code kafka.} by whoever knows better. */
  private static final Map<String, Object> DEFAULTS =
      Map.ofEntries(
          // Whoever takes over finds the stores built.
          Map.entry(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, 1),
          Map.entry(StreamsConfig.consumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000),
          // Whoever takes over learns of it by a heartbeat: a session cannot be shorter (brokers
          // allow 6 s at least), so this is where a failover is shortened.
          Map.entry(StreamsConfig.consumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 500),
          Map.entry(
              StreamsConfig.consumerPrefix(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG), 30_000),
          // As large as the kernel finds good. Into Kafka's 64 KiB some kernels (Linux 6.17 and
          // later) drop what they had said they would take, and it comes again after 200 ms or
          // more.
          Map.entry(StreamsConfig.RECEIVE_BUFFER_CONFIG, -1),
          // Kafka Streams itself would wait for 100 ms before it sends.
          Map.entry(producer(ProducerConfig.LINGER_MS_CONFIG), 0),
          Map.entry(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, RocksMemory.class),
          Map.entry(
              StreamsConfig.topicPrefix(TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG),
              // A store must take what a broker whose clock is ahead has stamped.
              Long.toString(Long.MAX_VALUE)));

  /**
   * Nobody waits for the ledger: it reads what came within 20 ms, and not each record by itself,
   * which would cost brokers and router as much as routing it. Not what came within 100 ms: at
   * 1,000 records a second that is enough work at once to delay what is routed meanwhile (p99 1.5 ×
   * that of a plain copy, instead of 1.2 ×, on two cores).
   */
  private static final Map<String, Object> LEDGER_DEFAULTS =
      Map.of(
          StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG),
          20,
          StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MIN_BYTES_CONFIG),
          1 << 20);

  /** Without these the router could lose, skip without a word, or end a healthy run. */
  private static final Map<String, Object> FIXED =
      Map.ofEntries(
          Map.entry(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE),
          Map.entry(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES),
          // By the commits the watchdog knows up to when all is routed. They hold routing up for
          // the time that brokers take to acknowledge: less often than one event in a hundred.
          Map.entry(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMIT_INTERVAL_MS),
          Map.entry(
              StreamsConfig.PROCESSING_EXCEPTION_HANDLER_CLASS_CONFIG,
              LogAndFailProcessingExceptionHandler.class.getName()),
          Map.entry(
              StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG,
              DefaultProductionExceptionHandler.class.getName()),
          Map.entry(
              StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, LogStamp.class.getName()),
          Map.entry(
              StreamsConfig.mainConsumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "none"),
          Map.entry(producer(ProducerConfig.ACKS_CONFIG), "all"),
          Map.entry(producer(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG), true),
          Map.entry(producer(ProducerConfig.RETRIES_CONFIG), Integer.MAX_VALUE),
          Map.entry(producer(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG), Integer.MAX_VALUE),
          Map.entry(producer(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), MAX_REQUEST_BYTES),
          Map.entry(
              producer(ProducerConfig.INTERCEPTOR_CLASSES_CONFIG),
              HaltOnLostSend.class.getName() + "," + CountUnacknowledged.class.getName()));

  private StreamsSettings() {}

  /**
   * Everything for the router.
   *
   * @param replicationFactor of the changelogs: that of the log, whatever the broker's default
   * @param unacknowledged told by the producers
   */
  static Properties router(
      ProcessorConfig config, int replicationFactor, Halt halt, Unacknowledged unacknowledged) {
    return of(config.routerGroup(), Map.of(), config, replicationFactor, halt, unacknowledged);
  }

  /**
   * Everything for the ledger, as for the router.
   *
   * @param self where other processors reach the ledger of this one
   */
  static Properties ledger(
      ProcessorConfig config,
      HostInfo self,
      int replicationFactor,
      Halt halt,
      Unacknowledged unacknowledged) {
    Properties settings =
        of(config.ledgerGroup(), LEDGER_DEFAULTS, config, replicationFactor, halt, unacknowledged);
    settings.put(StreamsConfig.APPLICATION_SERVER_CONFIG, self.host() + ":" + self.port());
    return settings;
  }

  private static Properties of(
      String group,
      Map<String, Object> defaults,
      ProcessorConfig config,
      int replicationFactor,
      Halt halt,
      Unacknowledged unacknowledged) {
    Properties settings = new Properties();
    settings.putAll(DEFAULTS);
    settings.putAll(defaults);
    settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, replicationFactor);
    settings.put(
        StreamsConfig.topicPrefix(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG),
        Integer.toString(Math.max(1, replicationFactor - 1)));
    settings.putAll(config.kafka());
    settings.putAll(FIXED);
    settings.put(producer(HaltOnLostSend.HALT), halt);
    settings.put(producer(CountUnacknowledged.UNACKNOWLEDGED), unacknowledged);
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, group);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.threads());
    settings.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDir().toString());
    return settings;
  }

  /** For the Admin that looks at topics and offsets before the start. */
  static Map<String, Object> admin(ProcessorConfig config) {
    Map<String, Object> settings = new HashMap<>(config.kafka());
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, config.bootstrapServers());
    settings.putIfAbsent("default.api.timeout.ms", 15_000);
    settings.putIfAbsent("request.timeout.ms", 10_000);
    return settings;
  }

  /**
   * Refuses to have a fixed setting changed.
   *
   * @throws ConfigException naming it
   */
  static void refuseFixed(Map<String, Object> kafka) {
    for (String key : kafka.keySet()) {
      for (String fixed : FIXED.keySet()) {
        // Without its prefix, too, it would reach the clients.
        if (key.equals(fixed) || fixed.endsWith("." + key)) {
          throw new ConfigException(
              "kafka." + key,
              kafka.get(key),
              "expected to be absent: fixed at " + FIXED.get(fixed));
        }
      }
    }
  }

  private static String producer(String setting) {
    return StreamsConfig.producerPrefix(setting);
  }
}
