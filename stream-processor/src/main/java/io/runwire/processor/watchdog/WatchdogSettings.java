package io.runwire.processor.watchdog;

import io.runwire.event.EnvelopeReader;
import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;

/**
 * How patient the watchdog is.
 *
 * @param silence that a run is borne whose agent named no {@code timeout-ms}
 * @param longestRun after which a run is ended, however busy it is
 */
public record WatchdogSettings(Duration silence, Duration longestRun) {
  /** As the contract says. */
  public static final WatchdogSettings DEFAULTS =
      new WatchdogSettings(Duration.ofSeconds(60), Duration.ofHours(1));

  private static final String SILENCE_MS = "watchdog.silence.ms";
  private static final String LONGEST_RUN_MS = "watchdog.longest.run.ms";
  private static final Range SENSIBLE =
      Range.between(Duration.ofSeconds(1).toMillis(), Duration.ofDays(7).toMillis());

  /** Adds the keys. */
  public static ConfigDef define(ConfigDef definition) {
    return definition
        .define(
            SILENCE_MS,
            ConfigDef.Type.LONG,
            DEFAULTS.silence.toMillis(),
            Range.between(Duration.ofSeconds(1).toMillis(), EnvelopeReader.MAX_TIMEOUT.toMillis()),
            Importance.MEDIUM,
            "Silence after which a run is ended whose agent named no timeout-ms.")
        .define(
            LONGEST_RUN_MS,
            ConfigDef.Type.LONG,
            DEFAULTS.longestRun.toMillis(),
            SENSIBLE,
            Importance.MEDIUM,
            "Time after which a run is ended, however busy it is.");
  }

  /** Reads the settings. */
  public static WatchdogSettings of(AbstractConfig config) {
    return new WatchdogSettings(
        Duration.ofMillis(config.getLong(SILENCE_MS)),
        Duration.ofMillis(config.getLong(LONGEST_RUN_MS)));
  }
}
