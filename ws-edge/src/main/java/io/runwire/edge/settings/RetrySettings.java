package io.runwire.edge.settings;

import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;
import static org.apache.kafka.common.config.ConfigDef.Range.atLeast;
import static org.apache.kafka.common.config.ConfigDef.Range.between;

import java.time.Duration;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Type;

/**
 * How long the edge waits for a peer to take what it is sent, and to acknowledge it where it said
 * that it would.
 *
 * @param deadline for a write, and for the progress of acknowledgements
 * @param retries further waits behind the deadline, before the socket is given up
 * @param backoff the first of these waits; each is twice the one before
 * @param minBytesPerSecond the slowest peer that can still be sent the largest event: a write's
 *     deadline is never shorter than its bytes take at this rate
 * @param ackEvents how many events of a subscription may be unacknowledged
 * @param ackBytes how many bytes of them; one event always fits
 */
public record RetrySettings(
    Duration deadline,
    int retries,
    Duration backoff,
    int minBytesPerSecond,
    int ackEvents,
    int ackBytes) {
  /** Adds the keys. */
  public static void define(ConfigDef keys) {
    keys.define("write.deadline.ms", Type.LONG, 5_000L, atLeast(100), MEDIUM, "For a write or ack.")
        .define("write.retries", Type.INT, 3, between(0, 10), MEDIUM, "Waits behind the deadline.")
        .define(
            "write.backoff.ms", Type.LONG, 1_000L, atLeast(10), MEDIUM, "First of them; doubles.")
        .define(
            "write.min.bytes.per.second",
            Type.INT,
            32 << 10,
            atLeast(1),
            MEDIUM,
            "A large write may take as long as it needs at this rate.")
        .define("ack.window.events", Type.INT, 256, atLeast(1), MEDIUM, "Unacknowledged events.")
        .define("ack.window.bytes", Type.INT, 1 << 20, atLeast(1), MEDIUM, "And their bytes.");
  }

  /** Reads them. */
  public static RetrySettings of(AbstractConfig values) {
    return new RetrySettings(
        Duration.ofMillis(values.getLong("write.deadline.ms")),
        values.getInt("write.retries"),
        Duration.ofMillis(values.getLong("write.backoff.ms")),
        values.getInt("write.min.bytes.per.second"),
        values.getInt("ack.window.events"),
        values.getInt("ack.window.bytes"));
  }

  /** How long a write of so many bytes may take before its socket counts as stalled. */
  public Duration deadline(long bytes) {
    Duration atMinimumRate = Duration.ofMillis(bytes * 1_000 / minBytesPerSecond);
    return atMinimumRate.compareTo(deadline) > 0 ? atMinimumRate : deadline;
  }

  /** How long a write of so many bytes may take before its socket is given up. */
  public Duration patience(long bytes) {
    Duration patience = deadline(bytes);
    for (int step = 0; step < retries; step++) {
      patience = patience.plus(backoff(step));
    }
    return patience;
  }

  /**
   * The wait behind a step that has passed.
   *
   * @param step from 0, the first wait behind the deadline
   */
  public Duration backoff(int step) {
    return backoff.multipliedBy(1L << step);
  }
}
