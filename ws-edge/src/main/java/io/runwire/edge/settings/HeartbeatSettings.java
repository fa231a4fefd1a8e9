package io.runwire.edge.settings;

import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;

import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;

/**
 * How a silent peer is found.
 *
 * @param every between pings of the server
 * @param pong how long a peer may take to answer
 */
public record HeartbeatSettings(Duration every, Duration pong) {
  /** Adds the keys. */
  public static void define(ConfigDef keys) {
    keys.define("heartbeat.ms", Type.LONG, 20_000L, atLeast(100), MEDIUM, "Between pings.")
        .define("pong.deadline.ms", Type.LONG, 10_000L, atLeast(100), MEDIUM, "For a pong.");
  }

  /** Reads them. */
  public static HeartbeatSettings of(AbstractConfig values) {
    return new HeartbeatSettings(
        Duration.ofMillis(values.getLong("heartbeat.ms")),
        Duration.ofMillis(values.getLong("pong.deadline.ms")));
  }
}
