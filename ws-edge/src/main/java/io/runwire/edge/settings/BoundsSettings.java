package io.runwire.edge.settings;

import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigException;

/**
 * How many may be connected, and what each may ask. Sockets and streams count alike.
 *
 * @param perUser connections of one user; his oldest goes when he opens one more
 * @param perNode connections with a token
 * @param whenFull what happens to one more than that
 * @param unauthenticated sockets that have shown no token yet
 * @param perAddress connections of one client address
 * @param trustedProxies addresses and networks whose word about a client's address is taken
 * @param trustedHeader the header in which they give it; what stands in another is the client's own
 * @param idleTtl how long a socket may neither follow a thread nor say anything
 * @param idleSweep how often idle sockets are looked for
 * @param inbound what a client may send
 * @param handshake how long the head of a request may take to arrive
 */
public record BoundsSettings(
    int perUser,
    int perNode,
    WhenFull whenFull,
    int unauthenticated,
    int perAddress,
    List<String> trustedProxies,
    String trustedHeader,
    Duration idleTtl,
    Duration idleSweep,
    Inbound inbound,
    Duration handshake) {
  private static final String X_FORWARDED_FOR = "X-Forwarded-For";

  /** What a full node does. */
  public enum WhenFull {
    /** Closes its oldest connection. */
    EVICT,
    /** Lets nobody in. */
    REFUSE
  }

  /**
   * What a client may send.
   *
   * @param perSecond frames in a second, on average
   * @param burst frames at once
   * @param messageBytes of one message, in one frame or in fragments
   */
  public record Inbound(int perSecond, int burst, int messageBytes) {
    public static final int DEFAULT_MESSAGE_BYTES = 64 << 10;
  }

  /** Adds the keys. */
  public static void define(ConfigDef keys) {
    keys.define("connections.per.user", Type.INT, 5, atLeast(1), MEDIUM, "His oldest goes first.")
        .define("connections.per.node", Type.INT, 1_000, atLeast(1), MEDIUM, "With a token.")
        .define(
            "node.full",
            Type.STRING,
            "evict",
            ValidString.in("evict", "refuse"),
            MEDIUM,
            "Close the oldest connection, or refuse the newest.")
        .define(
            "connections.unauthenticated", Type.INT, 100, atLeast(1), MEDIUM, "Without a token.")
        .define("connections.per.address", Type.INT, 200, atLeast(1), MEDIUM, "Of one client.")
        .define(
            "trusted.proxies",
            Type.LIST,
            "",
            MEDIUM,
            "Addresses and networks (10.0.0.0/8) that tell a client's address.")
        .define(
            "trusted.header",
            Type.STRING,
            X_FORWARDED_FOR,
            ValidString.in(X_FORWARDED_FOR, "Forwarded"),
            MEDIUM,
            "In which they tell it; clients can send the other one.")
        .define("idle.ttl.ms", Type.LONG, 300_000L, atLeast(1), MEDIUM, "Of an unused socket.")
        .define("idle.sweep.ms", Type.LONG, 60_000L, atLeast(1), MEDIUM, "Between looks for it.")
        .define(
            "inbound.frames.per.second",
            Type.INT,
            20,
            between(1, 1_000_000),
            MEDIUM,
            "Of one client.")
        .define("inbound.frames.burst", Type.INT, 100, between(1, 1_000_000), MEDIUM, "At once.")
        .define(
            "inbound.message.bytes",
            Type.INT,
            Inbound.DEFAULT_MESSAGE_BYTES,
            between(1 << 10, 1 << 20),
            MEDIUM,
            "Of one client's message; a token must fit.")
        .define(
            "handshake.deadline.ms",
            Type.LONG,
            5_000L,
            atLeast(1),
            MEDIUM,
            "For a request's head.");
  }

  /**
   * Reads them.
   *
   * @throws ConfigException if they contradict each other
   */
  public static BoundsSettings of(AbstractConfig values) {
    int perUser = values.getInt("connections.per.user");
    int perNode = values.getInt("connections.per.node");
    if (perUser > perNode) {
      throw new ConfigException(
          "connections.per.user: "
              + perUser
              + " (expected: <= connections.per.node "
              + perNode
              + ")");
    }
    return new BoundsSettings(
        perUser,
        perNode,
        WhenFull.valueOf(values.getString("node.full").toUpperCase(Locale.ROOT)),
        values.getInt("connections.unauthenticated"),
        values.getInt("connections.per.address"),
        values.getList("trusted.proxies"),
        values.getString("trusted.header"),
        Duration.ofMillis(values.getLong("idle.ttl.ms")),
        Duration.ofMillis(values.getLong("idle.sweep.ms")),
        new Inbound(
            values.getInt("inbound.frames.per.second"),
            values.getInt("inbound.frames.burst"),
            values.getInt("inbound.message.bytes")),
        Duration.ofMillis(values.getLong("handshake.deadline.ms")));
  }
}
