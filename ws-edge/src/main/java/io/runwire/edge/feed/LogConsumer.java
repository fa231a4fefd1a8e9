package io.runwire.edge.feed;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * One of the edge's consumers, and when it last heard which topics there are: records that it reads
 * from then on may be of a topic that was created again under the same name. Belongs to one thread,
 * {@link #wakeup} apart.
 */
final class LogConsumer implements AutoCloseable {
  /** What a read brought. */
  record Piece(List<ConsumerRecord<byte[], byte[]>> records, long next) {}

  private static final long NOWHERE = -1;

  private final Consumer<byte[], byte[]> kafka;
  private final LongSupplier heardAtNs;
  private long next = NOWHERE;

  LogConsumer(Consumer<byte[], byte[]> kafka, LongSupplier heardAtNs) {
    this.kafka = kafka;
    this.heardAtNs = heardAtNs;
  }

  /** The consumer itself, for whoever assigns and seeks on his own. */
  Consumer<byte[], byte[]> kafka() {
    next = NOWHERE;
    return kafka;
  }

  /** When it last heard of topics, in {@link System#nanoTime()}. */
  long heardAtNs() {
    return heardAtNs.getAsLong();
  }

  /**
   * Reads one partition from an offset on, whatever it read before. To go on where the last read
   * ended costs nothing; what was fetched ahead is used.
   */
  Piece read(TopicPartition partition, long from, Duration patience) {
    if (!kafka.assignment().equals(Set.of(partition))) {
      kafka.assign(List.of(partition));
      next = NOWHERE;
    }
    boolean there = next == from;
    next = NOWHERE;
    if (!there) {
      kafka.seek(partition, from);
    }
    ConsumerRecords<byte[], byte[]> read = kafka.poll(patience);
    OffsetAndMetadata moved = read.nextOffsets().get(partition);
    next = moved == null ? from : moved.offset();
    return new Piece(read.records(partition), next);
  }

  /** Lets a call in progress end at once; any thread. */
  void wakeup() {
    kafka.wakeup();
  }

  @Override
  public void close() {
    kafka.close(CloseOptions.timeout(Duration.ofSeconds(1)));
  }
}
