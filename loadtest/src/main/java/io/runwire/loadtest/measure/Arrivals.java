package io.runwire.loadtest.measure;

import io.runwire.loadtest.drive.Pulse;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads some topics to their end and on, as an edge's tail does, and times the pulses that arrive:
 * one topic's at a time. A thread of its own; all methods are safe from any.
 */
final class Arrivals implements AutoCloseable {
  private static final int DIGITS = 3;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Map<String, Object> SETTINGS =
      Map.of(
          "auto.offset.reset", "none",
          "enable.auto.commit", false,
          "fetch.min.bytes", 1,
          "fetch.max.wait.ms", 50,
          "max.poll.records", 2_000);

  /**
   * What is timed.
   *
   * @param fromUs pulses that were due before count for nothing
   */
  private record Timing(String topic, long fromUs, ConcurrentHistogram us) {}

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final Thread thread = new Thread(this::read, "arrivals");
  private volatile Timing timing = new Timing("", 0, new ConcurrentHistogram(DIGITS));
  private volatile @Nullable RuntimeException failure;

  /** Begins to read. */
  Arrivals(String bootstrapServers, Collection<TopicPartition> partitions) {
    Map<String, Object> settings = new HashMap<>(SETTINGS);
    settings.put("bootstrap.servers", bootstrapServers);
    this.consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    thread.start();
  }

  /** The time by which pulses are due here: it never steps, and is known to this process only. */
  static long nowUs() {
    return us(System.nanoTime());
  }

  /** That time at a moment of {@link System#nanoTime}. */
  static long us(long nanoTime) {
    return TimeUnit.NANOSECONDS.toMicros(nanoTime);
  }

  /** Begins anew: with the pulses that arrive on a topic and were due then or later. */
  void time(String topic, long fromUs) {
    timing = new Timing(topic, fromUs, new ConcurrentHistogram(DIGITS));
  }

  /**
   * How many were timed.
   *
   * @throws IllegalStateException if it does not read any more
   */
  long timed() {
    RuntimeException failed = failure;
    if (failed != null) {
      throw new IllegalStateException("the log is not read any more", failed);
    }
    return timing.us().getTotalCount();
  }

  /** How long those took, to be asked when all have arrived. */
  Latencies latencies() {
    return new Latencies(timing.us());
  }

  @Override
  public void close() throws InterruptedException {
    consumer.wakeup();
    thread.join();
  }

  private void read() {
    try (consumer) {
      while (true) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          arrived(record);
        }
      }
    } catch (WakeupException closed) {
      // Nobody reads any more.
    } catch (RuntimeException e) {
      failure = e;
    }
  }

  private void arrived(ConsumerRecord<byte[], byte[]> record) {
    Timing now = timing;
    if (record.topic().equals(now.topic())) {
      Pulse.dueUs(record.value())
          .ifPresent(
              dueUs -> {
                if (dueUs >= now.fromUs()) {
                  now.us().recordValue(nowUs() - dueUs);
                }
              });
    }
  }
}
