package io.runwire.edge.feed;

import io.runwire.cursor.Cursor;
import io.runwire.edge.hub.LogSource.Bounds;
import io.runwire.edge.hub.LogSource.Expired;
import io.runwire.edge.hub.LogSource.Standing;
import io.runwire.edge.hub.LogSource.TooOld;
import io.runwire.edge.hub.LogSource.Truncated;
import io.runwire.edge.hub.LogSource.Within;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** The short questions about a partition: where it ends, and whether a position stands in it. */
final class Positions {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Duration deadline;
  private final LongSupplier nanoTime;

  /**
   * @param deadline for each thing that is asked of Kafka
   */
  Positions(Duration deadline, LongSupplier nanoTime) {
    this.deadline = deadline;
    this.nanoTime = nanoTime;
  }

  /** Where a partition begins and ends, and after that, where its source ends. */
  Bounds bounds(Consumer<byte[], byte[]> consumer, int partition) {
    TopicPartition tp = threadEvents(partition);
    long start = start(consumer, tp);
    long end = end(consumer, tp);
    long sourceEnd = end(consumer, new TopicPartition(Topic.AGENT_EVENTS.topicName(), partition));
    return new Bounds(start, end, epochBefore(consumer, tp, start, end), sourceEnd);
  }

  /**
   * How a position stands; empty where it lies past the end, which may be a follower's lag, until
   * {@code patient} is false.
   */
  Optional<Standing> standing(
      Consumer<byte[], byte[]> consumer,
      int partition,
      long offset,
      int leaderEpoch,
      OptionalLong notBeforeMs,
      boolean patient) {
    TopicPartition tp = threadEvents(partition);
    long start = start(consumer, tp);
    if (offset < start) {
      return Optional.of(new Expired(start));
    }
    long end = end(consumer, tp);
    if (offset > end && patient) {
      return Optional.empty();
    }
    if (offset <= end
        && notBeforeMs.isPresent()
        && tooOld(consumer, tp, offset, end, notBeforeMs.getAsLong())) {
      return Optional.of(new TooOld());
    }
    long stands = Math.min(offset, end);
    int epochThere = epochBefore(consumer, tp, start, stands);
    boolean known = leaderEpoch != Cursor.NO_EPOCH && stands > start;
    if (offset <= end && (!known || epochThere == leaderEpoch)) {
      return Optional.of(new Within(epochThere));
    }
    return Optional.of(
        known && leaderEpoch < epochThere
            ? divergence(consumer, tp, start, stands - 1, leaderEpoch)
            : new Truncated(stands, epochThere));
  }

  /** The offset of the first record stamped with that time or later; the end if there is none. */
  long since(Consumer<byte[], byte[]> consumer, int partition, long timestampMs) {
    TopicPartition tp = threadEvents(partition);
    return since(consumer, tp, end(consumer, tp), timestampMs);
  }

  private boolean tooOld(
      Consumer<byte[], byte[]> consumer,
      TopicPartition tp,
      long offset,
      long end,
      long notBeforeMs) {
    return offset < since(consumer, tp, end, notBeforeMs);
  }

  private long since(
      Consumer<byte[], byte[]> consumer, TopicPartition tp, long end, long timestampMs) {
    OffsetAndTimestamp first = consumer.offsetsForTimes(Map.of(tp, timestampMs), deadline).get(tp);
    return first == null ? end : first.offset();
  }

  /** The leader epoch of the record before an offset; none where the log begins there. */
  private int epochBefore(
      Consumer<byte[], byte[]> consumer, TopicPartition tp, long start, long offset) {
    return offset > start ? epochAt(consumer, tp, offset - 1) : Cursor.NO_EPOCH;
  }

  /** The leader epoch of the record at an offset. */
  private int epochAt(Consumer<byte[], byte[]> consumer, TopicPartition tp, long offset) {
    long beganNs = nanoTime.getAsLong();
    try {
      consumer.assign(List.of(tp));
      consumer.resume(List.of(tp));
      consumer.seek(tp, offset);
      while (nanoTime.getAsLong() - beganNs < deadline.toNanos()) {
        List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL).records(tp);
        if (!records.isEmpty()) {
          return records.get(0).leaderEpoch().orElse(Cursor.NO_EPOCH);
        }
      }
      throw new KafkaException("nothing could be read within " + deadline);
    } finally {
      consumer.pause(List.of(tp)); // what comes behind is of no interest
    }
  }

  /**
   * The first record of a later epoch than the one given: where the log left its line. Epochs never
   * go down, so it is searched for by halves. (The consumer could ask the leader; but it does so
   * only if it happens to know the partition's leader when it is sought to, and else reads on.)
   *
   * @param later the offset of a record of a later epoch
   */
  private Truncated divergence(
      Consumer<byte[], byte[]> consumer,
      TopicPartition tp,
      long start,
      long later,
      int leaderEpoch) {
    long low = start;
    long high = later;
    int epochBelow = Cursor.NO_EPOCH;
    while (low < high) {
      long middle = low + (high - low) / 2;
      int epoch = epochAt(consumer, tp, middle);
      if (epoch > leaderEpoch) {
        high = middle;
      } else {
        low = middle + 1;
        epochBelow = epoch;
      }
    }
    return new Truncated(low, epochBelow);
  }

  private long start(Consumer<byte[], byte[]> consumer, TopicPartition tp) {
    return consumer.beginningOffsets(List.of(tp), deadline).getOrDefault(tp, 0L);
  }

  private long end(Consumer<byte[], byte[]> consumer, TopicPartition tp) {
    return consumer.endOffsets(List.of(tp), deadline).getOrDefault(tp, 0L);
  }

  private static TopicPartition threadEvents(int partition) {
    return new TopicPartition(Topic.THREAD_EVENTS.topicName(), partition);
  }
}
