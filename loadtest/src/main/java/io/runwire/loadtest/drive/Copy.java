package io.runwire.loadtest.drive;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Copies one topic to another, as it stands and to the same partitions: the least that anything
 * between two topics can do. It keeps what the router keeps, too: no record is committed before its
 * copy is acknowledged. Its clients are set as the router's are.
 *
 * <p>A thread, a consumer and a producer for each share of the partitions. Safe from any thread.
 */
final class Copy implements Fleet {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final long COMMIT_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final Map<String, Object> CONSUMER =
      Map.of(
          "group.id",
          "plain-copy",
          "enable.auto.commit",
          false,
          "auto.offset.reset",
          "earliest",
          "max.poll.records",
          1_000);
  private static final Map<String, Object> PRODUCER =
      Map.of(
          "acks",
          "all",
          "enable.idempotence",
          true,
          "linger.ms",
          0,
          "delivery.timeout.ms",
          Integer.MAX_VALUE,
          "max.request.size",
          4 << 20);

  private final LongAdder copied = new LongAdder();
  private final List<Share> shares;
  private final List<Thread> threads;

  /**
   * Begins to copy.
   *
   * @param partitions of both topics
   * @param threads that share them
   */
  Copy(String bootstrapServers, String from, String to, int partitions, int threads) {
    this.shares =
        IntStream.range(0, threads)
            .mapToObj(
                thread ->
                    new Share(
                        bootstrapServers,
                        IntStream.range(0, partitions)
                            .filter(partition -> partition % threads == thread)
                            .mapToObj(partition -> new TopicPartition(from, partition))
                            .toList(),
                        to))
            .toList();
    this.threads = new ArrayList<>();
    for (Share share : shares) {
      Thread thread = new Thread(share, "copy-" + this.threads.size());
      this.threads.add(thread);
      thread.start();
    }
  }

  /**
   * As it stands now.
   *
   * @param records that were copied
   */
  record Status(long records) {}

  @Override
  public Status status() {
    return new Status(copied.sum());
  }

  @Override
  public void command(String line) {
    throw new IllegalArgumentException("command: " + line + " (expected: none)");
  }

  @Override
  public void close() throws InterruptedException {
    shares.forEach(share -> share.consumer.wakeup());
    for (Thread thread : threads) {
      thread.join();
    }
  }

  /** Some of the partitions; belongs to its thread, but for the wakeup. */
  private final class Share implements Runnable {
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final KafkaProducer<byte[], byte[]> producer;
    private final String to;
    private final AtomicReference<Exception> lost = new AtomicReference<>();

    Share(String bootstrapServers, List<TopicPartition> from, String to) {
      this.consumer =
          new KafkaConsumer<>(
              with(CONSUMER, bootstrapServers),
              new ByteArrayDeserializer(),
              new ByteArrayDeserializer());
      this.producer =
          new KafkaProducer<>(
              with(PRODUCER, bootstrapServers),
              new ByteArraySerializer(),
              new ByteArraySerializer());
      this.to = to;
      consumer.assign(from);
    }

    @Override
    public void run() {
      try (consumer;
          producer) {
        long committedNs = System.nanoTime();
        while (true) {
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            copy(record);
          }
          if (System.nanoTime() - committedNs >= COMMIT_EVERY_NS) {
            commit();
            committedNs = System.nanoTime();
          }
        }
      } catch (WakeupException closed) {
        // What is not committed would be copied again.
      }
    }

    private void copy(ConsumerRecord<byte[], byte[]> record) {
      ProducerRecord<byte[], byte[]> copy =
          new ProducerRecord<>(
              to,
              record.partition(),
              record.timestamp(),
              record.key(),
              record.value(),
              record.headers());
      var unused =
          producer.send(
              copy,
              (at, failure) -> {
                if (failure == null) {
                  copied.increment();
                } else {
                  lost.set(failure);
                }
              });
    }

    private void commit() {
      producer.flush();
      if (lost.get() != null) {
        throw new KafkaException("a record was not copied", lost.get());
      }
      consumer.commitAsync();
    }
  }

  private static Map<String, Object> with(Map<String, Object> settings, String bootstrapServers) {
    Map<String, Object> all = new HashMap<>(settings);
    all.put("bootstrap.servers", bootstrapServers);
    return all;
  }
}
