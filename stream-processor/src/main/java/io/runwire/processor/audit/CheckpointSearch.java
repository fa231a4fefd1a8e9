package io.runwire.processor.audit;

import io.runwire.audit.AuditRecord;
import io.runwire.audit.CheckpointRecord;
import io.runwire.audit.Frontier;
import io.runwire.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/**
 * Finds the checkpoints of a stretch of the log by bisection, since they stand in its order, and
 * then reads them one after the other. Not thread-safe.
 */
final class CheckpointSearch implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Consumer<byte[], byte[]> consumer;
  private final Uuid topicId;
  private final Deque<ConsumerRecord<byte[], byte[]>> fetched = new ArrayDeque<>();
  private TopicPartition partition = new TopicPartition(Topic.AUDIT_CHECKPOINTS.topicName(), 0);
  private long end;
  private Frontier before = new Frontier();

  /**
   * @param consumer of its own, which sees only what was committed
   * @param topicId of thread-events: checkpoints of another incarnation are passed over
   */
  CheckpointSearch(Consumer<byte[], byte[]> consumer, Uuid topicId) {
    this.consumer = consumer;
    this.topicId = topicId;
  }

  /** Goes to the checkpoint whose span holds an offset of a partition of thread-events. */
  void seek(int p, long offset) {
    partition = new TopicPartition(Topic.AUDIT_CHECKPOINTS.topicName(), p);
    List<TopicPartition> one = List.of(partition);
    consumer.assign(one);
    long begin = consumer.beginningOffsets(one).getOrDefault(partition, 0L);
    end = consumer.endOffsets(one).getOrDefault(partition, 0L);
    long low = begin; // what stands before it, if anything, ends at or before the offset
    long high = end;
    while (low < high) {
      long middle = (low + high) >>> 1;
      goTo(middle);
      Optional<CheckpointRecord> there = next();
      if (there.isPresent() && there.get().checkpoint().nextOffset() <= offset) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    // The last that ends before is found by its own offset: `low` stands right behind it.
    before = new Frontier();
    if (low > begin) {
      goTo(low - 1);
      Optional<CheckpointRecord> last = next();
      if (last.isPresent() && last.get().checkpoint().nextOffset() <= offset) {
        before = last.get().tree();
        return;
      }
    }
    goTo(low);
  }

  /** The tree at the checkpoint before the one that {@link #next} gives first. */
  Frontier before() {
    return before;
  }

  /** The next checkpoint, if there is one. */
  Optional<CheckpointRecord> next() {
    while (true) {
      ConsumerRecord<byte[], byte[]> record = fetched.poll();
      if (record == null) {
        if (consumer.position(partition) >= end) {
          return Optional.empty();
        }
        consumer.poll(POLL).forEach(fetched::add);
        continue;
      }
      Optional<CheckpointRecord> checkpoint = checkpoint(record);
      if (checkpoint.isPresent()) {
        return checkpoint;
      }
    }
  }

  /** The offset of thread-events up to which (exclusive) it is signed; −1 if nowhere. */
  long signedUntil() {
    long position = consumer.position(partition);
    Deque<ConsumerRecord<byte[], byte[]>> kept = new ArrayDeque<>(fetched);
    long until = -1;
    // Behind the last checkpoint a memory may stand, and the marks of transactions.
    for (long back = 1; until < 0 && back <= 2 * (end + 1); back *= 2) {
      goTo(
          Math.max(
              consumer.beginningOffsets(List.of(partition)).getOrDefault(partition, 0L),
              end - back));
      for (Optional<CheckpointRecord> c = next(); c.isPresent(); c = next()) {
        until = c.get().checkpoint().nextOffset();
      }
    }
    consumer.seek(partition, position);
    fetched.clear();
    fetched.addAll(kept);
    return until;
  }

  @Override
  public void close() {
    consumer.close();
  }

  private void goTo(long offset) {
    fetched.clear();
    consumer.seek(partition, offset);
  }

  private Optional<CheckpointRecord> checkpoint(ConsumerRecord<byte[], byte[]> record) {
    byte[] value = record.value();
    if (value == null) {
      return Optional.empty();
    }
    return AuditRecord.parse(new String(value, StandardCharsets.UTF_8))
        .filter(r -> r.origin().topicId().equals(topicId))
        .filter(CheckpointRecord.class::isInstance)
        .map(CheckpointRecord.class::cast);
  }
}
