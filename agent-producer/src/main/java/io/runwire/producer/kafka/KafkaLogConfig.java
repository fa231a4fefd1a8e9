package io.runwire.producer.kafka;

import java.util.Map;

/**
 * How to reach Kafka and how much may be on the way.
 *
 * @param bootstrapServers {@code host:port}, comma-separated
 * @param windowBytes how much of one run may be unsettled before appends wait; one append always
 *     fits
 * @param spoolBytes likewise of all runs together
 * @param overrides settings for the Kafka producer, e.g. {@code security.protocol}
 */
public record KafkaLogConfig(
    String bootstrapServers, long windowBytes, long spoolBytes, Map<String, Object> overrides) {
  public static final long DEFAULT_WINDOW_BYTES = 4L << 20;
  public static final long DEFAULT_SPOOL_BYTES = 64L << 20;

  public KafkaLogConfig {
    if (bootstrapServers.isBlank()) {
      throw new IllegalArgumentException("bootstrap.servers: empty (expected: host:port,…)");
    }
    if (windowBytes < 1) {
      throw new IllegalArgumentException("window.bytes: " + windowBytes + " (expected: >= 1)");
    }
    if (spoolBytes < 1) {
      throw new IllegalArgumentException("spool.bytes: " + spoolBytes + " (expected: >= 1)");
    }
    overrides = Map.copyOf(overrides);
  }

  /** With the default bounds. */
  public static KafkaLogConfig of(String bootstrapServers, Map<String, Object> overrides) {
    return new KafkaLogConfig(
        bootstrapServers, DEFAULT_WINDOW_BYTES, DEFAULT_SPOOL_BYTES, overrides);
  }
}
