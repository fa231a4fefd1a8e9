package io.runwire.topic;

import io.runwire.seal.KeyName;
import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;

/**
 * How long thread-events is kept for audit: it is created so, and where a broker keeps it for less
 * whoever writes or signs it refuses to start.
 *
 * @param atLeast kept from the time at which a record was written
 */
public record AuditPeriod(Duration atLeast) {
  private static final String RETENTION_MS = "audit.retention.ms";

  // Less than agent-events is kept for, and a client could not resume where it may.
  private static final Duration SHORTEST = Duration.ofHours(24);
  private static final Duration LONGEST = Duration.ofDays(36_500);

  /** A segment is deleted as a whole: a checkpoint must outlive the last record it speaks of. */
  private static final Duration CHECKPOINTS_LONGER = Duration.ofDays(20);

  /** A key is made up to a stretch before the last record that it seals. */
  static final Duration KEYS_LONGER = CHECKPOINTS_LONGER.plus(KeyName.STRETCH);

  /** Where nobody says otherwise. */
  public static final AuditPeriod DEFAULT = new AuditPeriod(Duration.ofDays(180));

  public AuditPeriod {
    if (atLeast.compareTo(SHORTEST) < 0 || atLeast.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "audit period: " + atLeast + " (expected: " + SHORTEST + " to " + LONGEST + ")");
    }
  }

  /** Adds the key. */
  public static ConfigDef define(ConfigDef definition) {
    return definition.define(
        RETENTION_MS,
        ConfigDef.Type.LONG,
        DEFAULT.atLeast.toMillis(),
        Range.between(SHORTEST.toMillis(), LONGEST.toMillis()),
        Importance.HIGH,
        "How long thread-events must be kept at least: no start where its topic keeps it for less.");
  }

  /** Reads the setting. */
  public static AuditPeriod of(AbstractConfig config) {
    return new AuditPeriod(Duration.ofMillis(config.getLong(RETENTION_MS)));
  }

  /** How long checkpoints are kept. */
  Duration checkpoints() {
    return atLeast.plus(CHECKPOINTS_LONGER);
  }

  /** How long threads' keys are kept: until the last record that one may have sealed is gone. */
  Duration keys() {
    return atLeast.plus(KEYS_LONGER);
  }
}
