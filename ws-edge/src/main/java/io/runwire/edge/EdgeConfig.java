package io.runwire.edge;

import io.runwire.config.Settings;
import io.runwire.edge.settings.AccessSettings;
import io.runwire.edge.settings.BoundsSettings;
import io.runwire.edge.settings.DeliverySettings;
import io.runwire.edge.settings.DrainSettings;
import io.runwire.edge.settings.EvidenceSettings;
import io.runwire.edge.settings.HeartbeatSettings;
import io.runwire.edge.settings.HistorySettings;
import io.runwire.edge.settings.LedgerSettings;
import io.runwire.edge.settings.Listen;
import io.runwire.edge.settings.LogSettings;
import io.runwire.edge.settings.RetrySettings;
import io.runwire.edge.settings.TlsSettings;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * An edge's configuration, checked: one record per group of settings. The keys are public API; none
 * is reloadable yet.
 */
public record EdgeConfig(
    Listen http,
    Listen management,
    LogSettings log,
    HistorySettings history,
    AccessSettings access,
    Optional<TlsSettings> tls,
    DeliverySettings delivery,
    RetrySettings retry,
    EvidenceSettings evidence,
    HeartbeatSettings heartbeat,
    BoundsSettings bounds,
    DrainSettings drain,
    LedgerSettings ledger) {
  private static final ConfigDef KEYS = keys();

  /**
   * Reads the settings; those that begin with {@code kafka.} go to the Kafka clients.
   *
   * @throws ConfigException naming the key, the value and what was expected
   */
  public static EdgeConfig of(Map<String, String> settings) {
    AbstractConfig values = Settings.read(KEYS, settings);
    HeartbeatSettings heartbeat = HeartbeatSettings.of(values);
    BoundsSettings bounds = BoundsSettings.of(values);
    if (heartbeat.every().compareTo(bounds.idleTtl()) >= 0) {
      throw new ConfigException(
          "heartbeat.ms: "
              + heartbeat.every().toMillis()
              + " (expected: < idle.ttl.ms "
              + bounds.idleTtl().toMillis()
              + ")");
    }
    return new EdgeConfig(
        Listen.of(values, "http"),
        Listen.of(values, "management"),
        LogSettings.of(values, Settings.kafka(settings)),
        HistorySettings.of(values),
        AccessSettings.of(values),
        TlsSettings.of(values),
        DeliverySettings.of(values),
        RetrySettings.of(values),
        EvidenceSettings.of(values),
        heartbeat,
        bounds,
        DrainSettings.of(values),
        LedgerSettings.of(values));
  }

  private static ConfigDef keys() {
    ConfigDef keys = new ConfigDef();
    Listen.define(keys);
    LogSettings.define(keys);
    HistorySettings.define(keys);
    AccessSettings.define(keys);
    TlsSettings.define(keys);
    DeliverySettings.define(keys);
    RetrySettings.define(keys);
    EvidenceSettings.define(keys);
    HeartbeatSettings.define(keys);
    BoundsSettings.define(keys);
    DrainSettings.define(keys);
    LedgerSettings.define(keys);
    return keys;
  }
}
