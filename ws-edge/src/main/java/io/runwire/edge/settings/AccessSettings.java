package io.runwire.edge.settings;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/**
 * Who may connect.
 *
 * @param key for HS256
 * @param issuer expected as {@code iss}
 * @param audience expected as {@code aud}
 * @param origins allowed besides the edge's own
 * @param development whether the quickstart's endpoints are served
 * @param authDeadline for the first auth frame
 */
public record AccessSettings(
    SecretKey key,
    String issuer,
    String audience,
    Set<String> origins,
    boolean development,
    Duration authDeadline) {
  private static final int MIN_SECRET_BYTES = 32; // RFC 7518 §3.2: as long as the hash

  /** Adds the keys. */
  public static void define(ConfigDef keys) {
    keys.define("token.hs256.secret", Type.PASSWORD, HIGH, "Shared secret, 32 bytes or more.")
        .define("token.issuer", Type.STRING, HIGH, "Expected iss.")
        .define("token.audience", Type.STRING, "runwire", MEDIUM, "Expected aud.")
        .define("origins", Type.LIST, "", MEDIUM, "Origins allowed besides the edge's own.")
        .define("development", Type.BOOLEAN, false, MEDIUM, "Serve the quickstart's endpoints.")
        .define("auth.deadline.ms", Type.LONG, 5_000L, atLeast(1), MEDIUM, "For the first frame.");
  }

  /**
   * Reads them.
   *
   * @throws ConfigException if the secret is short, or any origin is allowed in production
   */
  public static AccessSettings of(AbstractConfig values) {
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
    return new AccessSettings(
        new SecretKeySpec(secret, "HmacSHA256"),
        values.getString("token.issuer"),
        values.getString("token.audience"),
        origins,
        development,
        Duration.ofMillis(values.getLong("auth.deadline.ms")));
  }

  @Override
  public String toString() {
    return "AccessSettings[key withheld, issuer=" + issuer + ", audience=" + audience + "]";
  }
}
