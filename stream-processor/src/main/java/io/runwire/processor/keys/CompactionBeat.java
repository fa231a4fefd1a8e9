package io.runwire.processor.keys;

import io.runwire.seal.KeyRecord;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Lets thread-keys be compacted. Kafka closes a segment when something is appended to it after its
 * time, and compacts closed segments alone: so where a key was destroyed and nothing is written any
 * more, its bytes would stay on the disk. A record that says nothing is appended in that case.
 */
final class CompactionBeat implements AutoCloseable {
  private final Producer<byte[], byte[]> producer;
  private final Duration segment;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "runwire-thread-keys-beat");
            thread.setDaemon(true);
            return thread;
          });

  /**
   * @param segment after which the topic closes a segment
   */
  CompactionBeat(Producer<byte[], byte[]> producer, Duration segment) {
    this.producer = producer;
    this.segment = segment;
  }

  /** Beats when the segment's time is over; and once more, should clocks differ. */
  void after(int partition) {
    for (int times = 1; times <= 2; times++) {
      var unused =
          timer.schedule(
              () -> beat(partition), times * segment.toMillis() + 1, TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }

  /** Where it is lost, the next write to the partition does the same. */
  private void beat(int partition) {
    var unused =
        producer.send(
            new ProducerRecord<>(
                Topic.THREAD_KEYS.topicName(), partition, KeyRecord.beatKey(), new byte[0]));
  }
}
