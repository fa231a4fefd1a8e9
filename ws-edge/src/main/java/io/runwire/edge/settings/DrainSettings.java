package io.runwire.edge.settings;

import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;

import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/**
 * How an edge goes away.
 *
 * @param unreadyWait from being unready until clients are sent away, so that balancers notice first
 * @param over how long the clients' leaving is spread
 * @param grace after so long, from the beginning, whoever is left is cut off
 */
public record DrainSettings(Duration unreadyWait, Duration over, Duration grace) {
  /** Adds the keys. */
  public static void define(ConfigDef keys) {
    keys.define(
            "drain.unready.wait.ms",
            Type.LONG,
            5_000L,
            atLeast(0),
            MEDIUM,
            "For balancers to notice.")
        .define("drain.over.ms", Type.LONG, 30_000L, atLeast(0), MEDIUM, "For clients to leave.")
        .define("drain.grace.ms", Type.LONG, 45_000L, atLeast(1), MEDIUM, "For all of it.");
  }

  /**
   * Reads them.
   *
   * @throws ConfigException if the whole is shorter than its parts
   */
  public static DrainSettings of(AbstractConfig values) {
    long unreadyWaitMs = values.getLong("drain.unready.wait.ms");
    long overMs = values.getLong("drain.over.ms");
    long graceMs = values.getLong("drain.grace.ms");
    if (graceMs <= unreadyWaitMs + overMs) {
      throw new ConfigException(
          "drain.grace.ms: "
              + graceMs
              + " (expected: > drain.unready.wait.ms + drain.over.ms, "
              + (unreadyWaitMs + overMs)
              + ")");
    }
    return new DrainSettings(
        Duration.ofMillis(unreadyWaitMs), Duration.ofMillis(overMs), Duration.ofMillis(graceMs));
  }
}
