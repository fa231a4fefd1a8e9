package io.runwire.edge;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import io.runwire.config.Settings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** An edge's configuration, checked. The keys are public API; none is reloadable yet. */
public record EdgeConfig(
    Listen http, Listen management, Log log, Access access, Delivery delivery, URI ledger) {

  /** Where to listen; port 0 for any free one. */
  public record Listen(String host, int port) {}

  /**
   * How to read the log.
   *
   * @param kafka settings of the Kafka clients
   * @param partitions of thread-events
   * @param linger how long a partition stays attached after its last subscription
   */
  public record Log(
      Map<String, Object> kafka,
      int partitions,
      long windowBytes,
      int historyReaders,
      Duration historyDeadline,
      Duration linger) {}

  /**
   * Who may connect.
   *
   * @param key for HS256
   * @param origins allowed besides the edge's own
   * @param authDeadline for the first auth frame
   */
  public record Access(
      SecretKey key,
      String issuer,
      String audience,
      Set<String> origins,
      boolean development,
      Duration authDeadline) {
    @Override
    public String toString() {
      return "Access[key withheld, issuer=" + issuer + ", audience=" + audience + "]";
    }
  }

  /** How sockets are served. */
  public record Delivery(int threads, int maxSubscriptions, Duration heartbeat, Duration pong) {}

  private static final int MIN_SECRET_BYTES = 32; // RFC 7518 §3.2: as long as the hash

  private static final ConfigDef KEYS =
      new ConfigDef()
          .define("bootstrap.servers", ConfigDef.Type.STRING, HIGH, "Kafka brokers, host:port,…")
          .define(
              "partitions",
              ConfigDef.Type.INT,
              64,
              atLeast(1),
              HIGH,
              "Partitions of thread-events.")
          .define("http.host", ConfigDef.Type.STRING, "0.0.0.0", MEDIUM, "Public address.")
          .define("http.port", ConfigDef.Type.INT, 8080, between(0, 65_535), MEDIUM, "Public port.")
          .define(
              "management.host", ConfigDef.Type.STRING, "127.0.0.1", MEDIUM, "Management address.")
          .define(
              "management.port",
              ConfigDef.Type.INT,
              9090,
              between(0, 65_535),
              MEDIUM,
              "Management port.")
          .define(
              "ledger.url",
              ConfigDef.Type.STRING,
              "http://127.0.0.1:8081",
              MEDIUM,
              "The processor.")
          .define(
              "token.hs256.secret",
              ConfigDef.Type.PASSWORD,
              HIGH,
              "Shared secret, 32 bytes or more.")
          .define("token.issuer", ConfigDef.Type.STRING, HIGH, "Expected iss.")
          .define("token.audience", ConfigDef.Type.STRING, "runwire", MEDIUM, "Expected aud.")
          .define(
              "origins", ConfigDef.Type.LIST, "", MEDIUM, "Origins allowed besides the edge's own.")
          .define(
              "development",
              ConfigDef.Type.BOOLEAN,
              false,
              MEDIUM,
              "Serve the quickstart's endpoints.")
          .define(
              "auth.deadline.ms",
              ConfigDef.Type.LONG,
              5_000L,
              atLeast(1),
              MEDIUM,
              "For the first frame.")
          .define(
              "heartbeat.ms", ConfigDef.Type.LONG, 20_000L, atLeast(100), MEDIUM, "Between pings.")
          .define(
              "pong.deadline.ms", ConfigDef.Type.LONG, 10_000L, atLeast(100), MEDIUM, "For a pong.")
          .define(
              "subscriptions.per.connection",
              ConfigDef.Type.INT,
              64,
              atLeast(1),
              MEDIUM,
              "At most so many.")
          .define(
              "delivery.threads", ConfigDef.Type.INT, 2, between(1, 64), MEDIUM, "Delivery loops.")
          .define(
              "window.bytes",
              ConfigDef.Type.LONG,
              64L << 20,
              atLeast(1 << 20),
              MEDIUM,
              "For all windows.")
          .define(
              "history.readers",
              ConfigDef.Type.INT,
              4,
              between(1, 64),
              MEDIUM,
              "Consumers in the pool.")
          .define(
              "history.deadline.ms",
              ConfigDef.Type.LONG,
              5_000L,
              atLeast(100),
              MEDIUM,
              "For one chunk.")
          .define(
              "partition.linger.ms",
              ConfigDef.Type.LONG,
              30_000L,
              atLeast(0),
              MEDIUM,
              "How long a partition stays attached without subscriptions.");

  /**
   * Reads the settings; those that begin with {@code kafka.} go to the Kafka clients.
   *
   * @throws ConfigException naming the key, the value and what was expected
   */
  public static EdgeConfig of(Map<String, String> settings) {
    AbstractConfig values = Settings.read(KEYS, settings);
    Map<String, Object> kafka = new HashMap<>(Settings.kafka(settings));
    kafka.put("bootstrap.servers", values.getString("bootstrap.servers"));
    return new EdgeConfig(
        new Listen(values.getString("http.host"), values.getInt("http.port")),
        new Listen(values.getString("management.host"), values.getInt("management.port")),
        new Log(
            kafka,
            values.getInt("partitions"),
            values.getLong("window.bytes"),
            values.getInt("history.readers"),
            Duration.ofMillis(values.getLong("history.deadline.ms")),
            Duration.ofMillis(values.getLong("partition.linger.ms"))),
        access(values),
        new Delivery(
            values.getInt("delivery.threads"),
            values.getInt("subscriptions.per.connection"),
            Duration.ofMillis(values.getLong("heartbeat.ms")),
            Duration.ofMillis(values.getLong("pong.deadline.ms"))),
        uri("ledger.url", values.getString("ledger.url")));
  }

  private static Access access(AbstractConfig values) {
    byte[] secret =
        values.getPassword("token.hs256.secret").value().getBytes(StandardCharsets.UTF_8);
    if (secret.length < MIN_SECRET_BYTES) {
      throw new ConfigException(
          "token.hs256.secret: "
              + secret.length
              + " bytes (expected: >= "
              + MIN_SECRET_BYTES
              + ")");
    }
    boolean development = values.getBoolean("development");
    Set<String> origins = new HashSet<>(values.getList("origins"));
    if (origins.contains("*") && !development) {
      throw new ConfigException("origins: * (expected: exact origins, unless development=true)");
    }
    return new Access(
        new SecretKeySpec(secret, "HmacSHA256"),
        values.getString("token.issuer"),
        values.getString("token.audience"),
        origins,
        development,
        Duration.ofMillis(values.getLong("auth.deadline.ms")));
  }

  private static URI uri(String key, String value) {
    try {
      URI uri = URI.create(value);
      if (uri.getHost() != null && uri.getScheme().startsWith("http")) {
        return uri;
      }
    } catch (IllegalArgumentException notAUri) {
      // Falls through to the one message.
    }
    throw new ConfigException(key + ": " + value + " (expected: http://host:port)");
  }
}
