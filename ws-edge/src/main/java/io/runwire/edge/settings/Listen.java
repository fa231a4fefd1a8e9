package io.runwire.edge.settings;

import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;

/** Where to listen; port 0 for any free one. */
public record Listen(String host, int port) {
  /** Adds the keys of the public and the management port. */
  public static void define(ConfigDef keys) {
    keys.define("http.host", Type.STRING, "0.0.0.0", MEDIUM, "Public address.")
        .define("http.port", Type.INT, 8080, between(0, 65_535), MEDIUM, "Public port.")
        .define("management.host", Type.STRING, "127.0.0.1", MEDIUM, "Management address.")
        .define("management.port", Type.INT, 9090, between(0, 65_535), MEDIUM, "Management port.");
  }

  /**
   * Reads one of the two.
   *
   * @param name {@code http} or {@code management}
   */
  public static Listen of(AbstractConfig values, String name) {
    return new Listen(values.getString(name + ".host"), values.getInt(name + ".port"));
  }
}
