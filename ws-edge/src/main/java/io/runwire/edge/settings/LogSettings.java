package io.runwire.edge.settings;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;

/**
 * How to read the log.
 *
 * @param kafka settings of the Kafka clients
 * @param partitions of thread-events
 * @param windowBytes for all windows together
 * @param readAheadBytes of history that may wait for sockets, see {@code ReadBudget}
 * @param historyReaders consumers in the pool
 * @param historyDeadline for one chunk
 * @param linger how long a partition stays attached after its last subscription
 */
public record LogSettings(
    Map<String, Object> kafka,
    int partitions,
    long windowBytes,
    long readAheadBytes,
    int historyReaders,
    Duration historyDeadline,
    Duration linger) {
  /** Adds the keys. */
  public static void define(ConfigDef keys) {
    keys.define("bootstrap.servers", Type.STRING, HIGH, "Kafka brokers, host:port,…")
        .define("partitions", Type.INT, 64, atLeast(1), HIGH, "Partitions of thread-events.")
        .define("window.bytes", Type.LONG, 64L << 20, atLeast(1 << 20), MEDIUM, "For all windows.")
        .define(
            "read.ahead.bytes",
            Type.LONG,
            32L << 20,
            atLeast(1 << 20),
            MEDIUM,
            "History that may wait for sockets.")
        .define("history.readers", Type.INT, 4, between(1, 64), MEDIUM, "Consumers in the pool.")
        .define("history.deadline.ms", Type.LONG, 5_000L, atLeast(100), MEDIUM, "For one chunk.")
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
        values.getLong("read.ahead.bytes"),
        values.getInt("history.readers"),
        Duration.ofMillis(values.getLong("history.deadline.ms")),
        Duration.ofMillis(values.getLong("partition.linger.ms")));
  }
}
