package io.runwire.processor.audit;

import io.runwire.audit.Hash;
import io.runwire.audit.Leaf;
import io.runwire.audit.PartitionTree;
import io.runwire.audit.StoredRecord;
import io.runwire.processor.audit.CheckpointLog.Standing;
import io.runwire.processor.audit.StoppedException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.TimeoutException;

/**
 * Holds a partition of the log against what was signed of it, before more is signed. Belongs to the
 * notary's thread.
 */
final class LogCheck {
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration READ_WITHIN = Duration.ofSeconds(30);

  private final Consumer<byte[], byte[]> consumer;
  private final TopicPartition partition;
  private final Uuid topicId;

  /**
   * @param consumer of no group, which sees only what was committed
   */
  LogCheck(Consumer<byte[], byte[]> consumer, TopicPartition partition, Uuid topicId) {
    this.consumer = consumer;
    this.partition = partition;
    this.topicId = topicId;
  }

  /**
   * Where a log was truncated below what was signed, it is too short; or it has grown since, and
   * another record lies where the last was signed, or none.
   *
   * @param start of the log
   * @param end of the log, exclusive
   * @throws StoppedException if it must not be signed any further
   */
  void check(Standing standing, long start, long end) throws StoppedException {
    long signed = standing.tree().map(PartitionTree::nextOffset).orElse(0L);
    if (signed > end) {
      throw new StoppedException(
          Reason.LOG_SHORTER, partition + " ends at " + end + ", but was signed up to " + signed);
    }
    if (signed < start && standing.ahead().isPresent()) {
      throw new StoppedException(
          Reason.BROKEN_CHECKPOINTS,
          partition
              + " begins at "
              + start
              + ", audit-checkpoints leads to "
              + signed
              + ", and the archive goes on: the tree between is lost");
    }
    Optional<Leaf> last = standing.lastSigned().filter(leaf -> leaf.offset() >= start);
    if (last.isPresent() && !read(last.get().offset()).equals(last.map(Leaf::hash))) {
      throw new StoppedException(
          Reason.CONTRADICTION,
          partition + " has not at offset " + last.get().offset() + " what was signed there");
    }
  }

  /**
   * The leaf that lies there, if any.
   *
   * @throws TimeoutException if the partition is not to be read now
   */
  private Optional<Hash> read(long offset) {
    consumer.assign(List.of(partition));
    consumer.seek(partition, offset);
    long deadlineNs = System.nanoTime() + READ_WITHIN.toNanos();
    while (consumer.position(partition) <= offset) {
      if (System.nanoTime() > deadlineNs) {
        throw new TimeoutException(partition + ": no record within " + READ_WITHIN);
      }
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        if (record.offset() == offset) {
          return Optional.of(StoredRecord.of(record).leaf(topicId));
        }
      }
    }
    return Optional.empty();
  }
}
