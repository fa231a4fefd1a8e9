package io.runwire.producer.kafka;

import io.runwire.topic.ThreadPartitioner;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.producer.Partitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.errors.InvalidTopicException;

/**
 * Places a record on its thread's partition, over the number of partitions that the topic had when
 * this producer first wrote to it. That number is fixed for life: where partitions were added, a
 * thread's events would go on in a partition that no router reads, so the send is refused for good.
 *
 * <p>Instantiated by the Kafka producer; thread-safe.
 */
public final class ThreadPlacement implements Partitioner {
  private static final int UNKNOWN = 0;

  private final AtomicInteger known = new AtomicInteger(UNKNOWN);

  /**
   * The partition of a thread.
   *
   * @throws InvalidTopicException if the topic's number of partitions has changed
   */
  @Override
  public int partition(
      String topic, Object key, byte[] keyBytes, Object value, byte[] valueBytes, Cluster cluster) {
    int found = cluster.partitionsForTopic(topic).size();
    known.compareAndSet(UNKNOWN, found);
    int expected = known.get();
    if (found != expected) {
      throw new InvalidTopicException(
          topic
              + ": partitions: "
              + found
              + " (expected: "
              + expected
              + ", as they were when this producer began)");
    }
    return ThreadPartitioner.partition(new String(keyBytes, StandardCharsets.UTF_8), expected);
  }

  @Override
  public void configure(Map<String, ?> configs) {}

  @Override
  public void close() {}
}
