package io.runwire.edge.settings;

import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;

/**
 * How connections are served.
 *
 * @param threads delivery loops
 * @param maxSubscriptions of one connection
 */
public record DeliverySettings(int threads, int maxSubscriptions) {
  /** Adds the keys. */
  public static void define(ConfigDef keys) {
    keys.define(
            "subscriptions.per.connection", Type.INT, 64, atLeast(1), MEDIUM, "At most so many.")
        .define("delivery.threads", Type.INT, 2, between(1, 64), MEDIUM, "Delivery loops.");
  }

  /** Reads them. */
  public static DeliverySettings of(AbstractConfig values) {
    return new DeliverySettings(
        values.getInt("delivery.threads"), values.getInt("subscriptions.per.connection"));
  }
}
