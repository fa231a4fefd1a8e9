package io.runwire.topic;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Utils;

/**
 * The partition of a thread: murmur2 of its UTF-8, as Java's, librdkafka's and kafkajs's place
 * keys.
 */
public final class ThreadPartitioner {
  private ThreadPartitioner() {}

  /** The partition of {@code thread} in a log of {@code partitions}. */
  public static int partition(String thread, int partitions) {
    return Utils.toPositive(Utils.murmur2(thread.getBytes(StandardCharsets.UTF_8))) % partitions;
  }
}
