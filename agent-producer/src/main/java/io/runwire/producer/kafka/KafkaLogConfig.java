package io.runwire.producer.kafka;

import java.util.Map;

/**
 * How to reach Kafka and how much may be on the way.
 *
 * @param bootstrapServers {@code host:port}, comma-separated
 * @param windowBytes how much of one run may be unsettled before appends wait; one append always
 *     fits
 * @param overrides settings for the Kafka producer, e.g. {@code security.protocol}
 */
public record KafkaLogConfig(
    String bootstrapServers, long windowBytes, Map<String, Object> overrides) {
  public static final long DEFAULT_WINDOW_BYTES = 4L << 20;

  public KafkaLogConfig {
    if (bootstrapServers.isBlank()) {
      throw new IllegalArgumentException("bootstrap.servers: empty (expected: host:port,…)");
    }
    if (windowBytes < 1) {
      throw new IllegalArgumentException("window.bytes: " + windowBytes + " (expected: >= 1)");
    }
    overrides = Map.copyOf(overrides);
  }
}
