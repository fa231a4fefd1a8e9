package io.runwire.producer;

import io.runwire.config.Settings;
import io.runwire.event.EnvelopeReader;
import io.runwire.producer.kafka.KafkaLogConfig;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;

/** A producer's configuration. The keys of {@link #of(Map)} are public. */
public record RunwireConfig(RunLimits limits, KafkaLogConfig kafka) {
  public static final String BOOTSTRAP_SERVERS = "bootstrap.servers";
  public static final String RUN_TIMEOUT_MS = "run.timeout.ms";
  public static final String APPEND_BOUND_MS = "append.bound.ms";
  public static final String CLOSE_BOUND_MS = "close.bound.ms";
  public static final String WINDOW_BYTES = "window.bytes";
  public static final String SPOOL_BYTES = "spool.bytes";

  private static final ConfigDef KEYS =
      new ConfigDef()
          .define(
              BOOTSTRAP_SERVERS,
              ConfigDef.Type.STRING,
              ConfigDef.NO_DEFAULT_VALUE,
              new ConfigDef.NonEmptyString(),
              Importance.HIGH,
              "host:port of the brokers, comma-separated")
          .define(
              RUN_TIMEOUT_MS,
              ConfigDef.Type.LONG,
              RunLimits.DEFAULT.runTimeout().toMillis(),
              Range.between(1, EnvelopeReader.MAX_TIMEOUT.toMillis()),
              Importance.MEDIUM,
              "silence after which a run is taken as lost, unless the run names another")
          .define(
              APPEND_BOUND_MS,
              ConfigDef.Type.LONG,
              RunLimits.DEFAULT.appendBound().toMillis(),
              Range.atLeast(0),
              Importance.MEDIUM,
              "how long one call on a run may wait for its turn and for room")
          .define(
              CLOSE_BOUND_MS,
              ConfigDef.Type.LONG,
              RunLimits.DEFAULT.closeBound().toMillis(),
              Range.atLeast(0),
              Importance.MEDIUM,
              "how long close() waits until everything is settled")
          .define(
              WINDOW_BYTES,
              ConfigDef.Type.LONG,
              KafkaLogConfig.DEFAULT_WINDOW_BYTES,
              Range.atLeast(1),
              Importance.MEDIUM,
              "how much of one run may be unsettled before its calls wait")
          .define(
              SPOOL_BYTES,
              ConfigDef.Type.LONG,
              KafkaLogConfig.DEFAULT_SPOOL_BYTES,
              Range.atLeast(1),
              Importance.MEDIUM,
              "how much of all runs together may be unsettled before their calls wait");

  /** Everything by default. */
  public static RunwireConfig of(String bootstrapServers) {
    return of(Map.of(BOOTSTRAP_SERVERS, bootstrapServers));
  }

  /**
   * Reads the keys above; {@code kafka.*} goes to the Kafka producer.
   *
   * @throws org.apache.kafka.common.config.ConfigException naming the key that is unknown, missing
   *     or out of range
   */
  public static RunwireConfig of(Map<String, String> settings) {
    AbstractConfig read = Settings.read(KEYS, settings);
    RunLimits limits =
        new RunLimits(
            Duration.ofMillis(read.getLong(RUN_TIMEOUT_MS)),
            Duration.ofMillis(read.getLong(APPEND_BOUND_MS)),
            Duration.ofMillis(read.getLong(CLOSE_BOUND_MS)));
    return new RunwireConfig(
        limits,
        new KafkaLogConfig(
            read.getString(BOOTSTRAP_SERVERS),
            read.getLong(WINDOW_BYTES),
            read.getLong(SPOOL_BYTES),
            Settings.kafka(settings)));
  }
}
