package io.runwire.edge.settings;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;

import io.runwire.seal.KeyWrapper;
import io.runwire.seal.SealSettings;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;

/**
 * How to read the log.
 *
 * @param kafka settings of the Kafka clients
 * @param partitions of thread-events
 * @param windowBytes for all windows together
 * @param linger how long a partition stays attached after its last subscription
 * @param payloadKeys what wraps threads' keys, where payloads are encrypted
 */
public record LogSettings(
    Map<String, Object> kafka,
    int partitions,
    long windowBytes,
    Duration linger,
    Optional<KeyWrapper> payloadKeys) {
  /** Adds the keys. */
  public static void define(ConfigDef keys) {
    SealSettings.define(keys)
        .define("bootstrap.servers", Type.STRING, HIGH, "Kafka brokers, host:port,…")
        .define("partitions", Type.INT, 64, atLeast(1), HIGH, "Partitions of thread-events.")
        .define("window.bytes", Type.LONG, 64L << 20, atLeast(1 << 20), MEDIUM, "For all windows.")
        .define(
            "partition.linger.ms",
            Type.LONG,
            30_000L,
            atLeast(0),
            MEDIUM,
            "How long a partition stays attached without subscriptions.");
  }

  /**
   * Reads them.
   *
   * @param kafka further settings of the Kafka clients
   */
  public static LogSettings of(AbstractConfig values, Map<String, Object> kafka) {
    Map<String, Object> clients = new HashMap<>(kafka);
    clients.put("bootstrap.servers", values.getString("bootstrap.servers"));
    return new LogSettings(
        clients,
        values.getInt("partitions"),
        values.getLong("window.bytes"),
        Duration.ofMillis(values.getLong("partition.linger.ms")),
        SealSettings.of(values));
  }
}
