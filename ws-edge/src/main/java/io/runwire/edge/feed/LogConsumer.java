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
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of the edge's consumers, and when it last heard which topics there are: records that it reads
 * from then on may be of a topic that was created again under the same name. Belongs to one thread,
 * {@link #wakeup} apart.
 */
final class LogConsumer implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(LogConsumer.class);

  /** What a read brought. */
  record Piece(List<ConsumerRecord<byte[], byte[]>> records, long next) {}

  private static final long NOWHERE = -1;

  private final Consumer<byte[], byte[]> kafka;
  private final LongSupplier heardAtNs;
  private final Duration onItsWay;
  private long next = NOWHERE;

  /**
   * @param heardAtNs when it last heard of topics
   * @param onItsWay how long the answer to a fetch may take
   */
  LogConsumer(Consumer<byte[], byte[]> kafka, LongSupplier heardAtNs, Duration onItsWay) {
    this.kafka = kafka;
    this.heardAtNs = heardAtNs;
    this.onItsWay = onItsWay;
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
    kafka.resume(kafka.paused());
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

  /**
   * Takes what is still on its way, and asks for no more: to be called before the consumer is not
   * polled for a while. What nobody takes from a connection keeps its sender waiting longer and
   * longer, and so the answer to the next question behind it: for as long as nobody asked.
   */
  void settle() {
    if (kafka.assignment().isEmpty()) {
      return;
    }
    next = NOWHERE;
    try {
      kafka.pause(kafka.assignment());
      kafka.poll(onItsWay);
    } catch (InterruptException e) {
      throw e;
    } catch (KafkaException e) { // a wakeup among them
      log.debug("whoever reads next meets it again: {}", e.toString());
    } finally {
      kafka.unsubscribe();
    }
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
