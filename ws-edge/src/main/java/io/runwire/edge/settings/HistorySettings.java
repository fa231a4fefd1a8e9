package io.runwire.edge.settings;

import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;

/**
 * How the log is read behind the windows.
 *
 * @param readers consumers, and threads, in the pool
 * @param deadline of one question or chunk, from when a consumer took it
 * @param acquire how long a question or read may wait for a consumer
 * @param queue questions, and reads, that may wait
 * @param readAheadBytes of history that may wait for sockets
 * @param recentBytes of recently read records that are kept for others who read there
 * @param bytesPerSecond that all readers together read of long stretches
 * @param breakerFailures in a row that open the breaker
 * @param breakerOpen how long it stays open before it tries again
 */
public record HistorySettings(
    int readers,
    Duration deadline,
    Duration acquire,
    int queue,
    long readAheadBytes,
    long recentBytes,
    long bytesPerSecond,
    int breakerFailures,
    Duration breakerOpen) {
  /** Adds the keys. */
  public static void define(ConfigDef keys) {
    keys.define("history.readers", Type.INT, 4, between(1, 64), MEDIUM, "Consumers in the pool.")
        .define("history.deadline.ms", Type.LONG, 5_000L, atLeast(100), MEDIUM, "For one chunk.")
        .define("history.acquire.ms", Type.LONG, 10_000L, atLeast(100), MEDIUM, "For a consumer.")
        .define("history.queue", Type.INT, 4_096, atLeast(1), MEDIUM, "Reads that may wait.")
        .define(
            "history.ahead.bytes",
            Type.LONG,
            32L << 20,
            atLeast(1 << 20),
            MEDIUM,
            "History that may wait for sockets.")
        .define(
            "history.recent.bytes",
            Type.LONG,
            4L << 20,
            atLeast(0),
            MEDIUM,
            "Recently read records kept for others.")
        .define(
            "history.bytes.per.second",
            Type.LONG,
            16L << 20,
            atLeast(1 << 20),
            MEDIUM,
            "Read by all who catch up, together; so others are served as before.")
        .define(
            "history.breaker.failures",
            Type.INT,
            5,
            atLeast(1),
            MEDIUM,
            "In a row, before history is refused at once.")
        .define(
            "history.breaker.open.ms",
            Type.LONG,
            2_000L,
            atLeast(100),
            MEDIUM,
            "How long, before it is tried again.");
  }

  /** Reads them. */
  public static HistorySettings of(AbstractConfig values) {
    return new HistorySettings(
        values.getInt("history.readers"),
        Duration.ofMillis(values.getLong("history.deadline.ms")),
        Duration.ofMillis(values.getLong("history.acquire.ms")),
        values.getInt("history.queue"),
        values.getLong("history.ahead.bytes"),
        values.getLong("history.recent.bytes"),
        values.getLong("history.bytes.per.second"),
        values.getInt("history.breaker.failures"),
        Duration.ofMillis(values.getLong("history.breaker.open.ms")));
  }
}
