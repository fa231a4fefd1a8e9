package io.runwire.edge.feed;

import io.runwire.cursor.LogIdentity;
import io.runwire.edge.feed.LogConsumer.Piece;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Where scans get their stretches from: the recent ones, and else Kafka. Thread-safe. */
final class Stretches {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Incarnation incarnation;
  private final RecordDecoder decoder;
  private final RecentStretches recent;
  private final Pace pace;
  private final LongAdder bytesRead = new LongAdder();
  private final LongAdder recordsRead = new LongAdder();

  Stretches(Incarnation incarnation, RecordDecoder decoder, RecentStretches recent, Pace pace) {
    this.incarnation = incarnation;
    this.decoder = decoder;
    this.recent = recent;
    this.pace = pace;
  }

  /**
   * A stretch that begins at or before an offset and reaches beyond it; empty where Kafka brought
   * nothing for now.
   *
   * @throws KafkaException if it cannot be read, or the log is another one now
   */
  Optional<Stretch> at(LogConsumer consumer, int partition, long offset) {
    LogIdentity log = incarnation.now();
    Optional<Stretch> kept = recent.covering(log, partition, offset);
    if (kept.isPresent()) {
      return kept;
    }
    pace.await();
    int generation = recent.generation(partition);
    Piece piece =
        consumer.read(new TopicPartition(Topic.THREAD_EVENTS.topicName(), partition), offset, POLL);
    if (piece.next() == offset) {
      return Optional.empty();
    }
    if (!incarnation.confirmed(consumer.heardAtNs()).equals(log)) {
      throw new KafkaException("the topics were created again");
    }
    Stretch read = new Stretch(log, partition, offset, piece.next(), piece.records(), decoder);
    pace.took(read.readBytes());
    bytesRead.add(read.readBytes());
    recordsRead.add(read.size());
    recent.add(read, generation);
    return Optional.of(read);
  }

  /** Bytes of keys and values read from Kafka. */
  long bytesRead() {
    return bytesRead.sum();
  }

  long recordsRead() {
    return recordsRead.sum();
  }
}
