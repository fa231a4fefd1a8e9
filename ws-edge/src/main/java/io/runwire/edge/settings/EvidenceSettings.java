package io.runwire.edge.settings;

import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;

import java.util.Locale;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/**
 * What is written to edge-deliveries.
 *
 * @param queueBytes reports that may wait for Kafka; what comes on top is dropped and counted
 */
public record EvidenceSettings(Level level, long queueBytes) {
  /** Which deliveries are reported; that a socket was given up is reported by each of them. */
  public enum Level {
    /** Every event that was written to any socket. */
    ALL,
    /** The events of those who acknowledge: only they can tell that they have something. */
    ACKNOWLEDGED,
    /** No successes. */
    FAILURES
  }

  /** Adds the keys. */
  public static void define(ConfigDef keys) {
    keys.define(
            "deliveries.evidence",
            Type.STRING,
            "acknowledged",
            ValidString.in("all", "acknowledged", "failures"),
            MEDIUM,
            "Which deliveries are written to edge-deliveries.")
        .define(
            "deliveries.queue.bytes",
            Type.LONG,
            8L << 20,
            atLeast(64 << 10),
            MEDIUM,
            "Reports that may wait for Kafka.");
  }

  /** Reads them. */
  public static EvidenceSettings of(AbstractConfig values) {
    return new EvidenceSettings(
        Level.valueOf(values.getString("deliveries.evidence").toUpperCase(Locale.ROOT)),
        values.getLong("deliveries.queue.bytes"));
  }
}
