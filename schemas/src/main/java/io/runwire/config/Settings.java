package io.runwire.config;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/** Reads a flat map of settings against a {@link ConfigDef}. */
public final class Settings {
  /** Settings with this prefix go to the Kafka clients, without it. */
  public static final String KAFKA_PREFIX = "kafka.";

  private Settings() {}

  /**
   * The settings, typed and checked.
   *
   * @throws ConfigException naming the key, the value and what was expected
   */
  public static AbstractConfig read(ConfigDef def, Map<String, String> given) {
    for (String key : given.keySet()) {
      if (!key.startsWith(KAFKA_PREFIX) && !def.names().contains(key)) {
        throw new ConfigException(
            "unknown setting '" + key + "' (known: " + new TreeSet<>(def.names()) + ")");
      }
    }
    return new AbstractConfig(def, given, false);
  }

  /** What the Kafka clients get: everything behind {@link #KAFKA_PREFIX}. */
  public static Map<String, Object> kafka(Map<String, String> given) {
    Map<String, Object> kafka = new HashMap<>();
    given.forEach(
        (key, value) -> {
          if (key.startsWith(KAFKA_PREFIX)) {
            kafka.put(key.substring(KAFKA_PREFIX.length()), value);
          }
        });
    return kafka;
  }
}
