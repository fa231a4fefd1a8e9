package io.runwire.edge.settings;

import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;

import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/**
 * Who may connect.
 *
 * @param token what a token must be
 * @param origins allowed besides the edge's own
 * @param development whether the quickstart's endpoints are served
 * @param authDeadline for the first auth frame
 */
public record AccessSettings(
    TokenSettings token, Set<String> origins, boolean development, Duration authDeadline) {
  private static final String ANY = "*";

  // As browsers send it (RFC 6454 §6.2): lower case, no path, no default port.
  private static final Pattern ORIGIN =
      Pattern.compile("(http(?!.*:80$)|https(?!.*:443$))://[a-z0-9.:\\[\\]-]+");

  public AccessSettings {
    origins = Set.copyOf(origins);
  }

  /** Adds the keys. */
  public static void define(ConfigDef keys) {
    TokenSettings.define(keys);
    keys.define("origins", Type.LIST, "", MEDIUM, "Origins allowed besides the edge's own.")
        .define("development", Type.BOOLEAN, false, MEDIUM, "Serve the quickstart's endpoints.")
        .define("auth.deadline.ms", Type.LONG, 5_000L, atLeast(1), MEDIUM, "For the first frame.");
  }

  /**
   * Reads them.
   *
   * @throws ConfigException if an origin could never match, or any is allowed in production; and as
   *     {@link TokenSettings#of}
   */
  public static AccessSettings of(AbstractConfig values) {
    boolean development = values.getBoolean("development");
    Set<String> origins = Set.copyOf(values.getList("origins"));
    for (String origin : origins) {
      if (origin.equals(ANY) && !development) {
        throw new ConfigException("origins: * (expected: exact origins, unless development=true)");
      }
      if (!origin.equals(ANY) && !ORIGIN.matcher(origin).matches()) {
        throw new ConfigException(
            "origins: " + origin + " (expected: as browsers send it, https://app.example.com)");
      }
    }
    return new AccessSettings(
        TokenSettings.of(values),
        origins,
        development,
        Duration.ofMillis(values.getLong("auth.deadline.ms")));
  }
}
