package io.runwire.edge.settings;

import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;

import java.net.URI;
import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/**
 * Where runs are looked up.
 *
 * @param url the processor's address, without a path
 * @param deadline of an answer; five that take longer in a row, and nothing is asked for a while
 */
public record LedgerSettings(URI url, Duration deadline) {
  /** Adds the keys. */
  public static void define(ConfigDef keys) {
    keys.define("ledger.url", Type.STRING, "http://127.0.0.1:8081", MEDIUM, "The processor.")
        .define(
            "ledger.deadline.ms",
            Type.LONG,
            2_000L,
            atLeast(1),
            MEDIUM,
            "How long its answer is waited for.");
  }

  /** Reads them. */
  public static LedgerSettings of(AbstractConfig values) {
    return new LedgerSettings(
        url(values.getString("ledger.url")),
        Duration.ofMillis(values.getLong("ledger.deadline.ms")));
  }

  private static URI url(String value) {
    try {
      URI uri = URI.create(value);
      if (uri.getHost() != null && uri.getScheme().startsWith("http")) {
        return uri;
      }
    } catch (IllegalArgumentException notAUri) {
      // Falls through to the one message.
    }
    throw new ConfigException("ledger.url: " + value + " (expected: http://host:port)");
  }
}
