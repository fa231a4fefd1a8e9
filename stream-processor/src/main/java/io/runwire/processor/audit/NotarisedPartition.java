package io.runwire.processor.audit;

import io.runwire.audit.AuditRecord;
import io.runwire.audit.Checkpoint;
import io.runwire.audit.CheckpointRecord;
import io.runwire.audit.NotaryKey;
import io.runwire.audit.PartitionTree;
import io.runwire.audit.StoredRecord;
import io.runwire.processor.audit.StoppedException.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * One partition in the notary's hands: when it is to be signed, and whether it may be. Belongs to
 * the notary's thread.
 */
final class NotarisedPartition {
  /** Threads a memory record holds: some 650 KB of JSON. */
  private static final int THREADS_A_MEMORY_RECORD = 4_000;

  private final PartitionTree tree;
  private final int everyRecords;
  private final Duration every;

  /** What the archive has and Kafka's checkpoints have not: the tree has to come to it. */
  private Optional<Checkpoint> ahead;

  private Optional<Instant> firstUnsignedAt = Optional.empty();
  private SinceMemory sinceMemory;

  /**
   * @param ahead the archive's last checkpoint, where it is ahead of Kafka's
   * @param sinceMemory from which the tree can be resumed
   */
  NotarisedPartition(
      PartitionTree tree,
      Optional<Checkpoint> ahead,
      SinceMemory sinceMemory,
      int everyRecords,
      Duration every) {
    this.tree = tree;
    this.ahead = ahead;
    this.sinceMemory = sinceMemory;
    this.everyRecords = everyRecords;
    this.every = every;
  }

  /** Takes the next record of the log. */
  void add(ConsumerRecord<byte[], byte[]> record, Instant now) throws StoppedException {
    if (firstUnsignedAt.isEmpty()) {
      firstUnsignedAt = Optional.of(now);
    }
    tree.add(StoredRecord.of(record));
    if (ahead.isPresent() && tree.size() == ahead.get().size()) {
      if (!tree.root().equals(ahead.get().root())) {
        throw new StoppedException(
            Reason.CONTRADICTION,
            "the log's first " + tree.size() + " records are not those that the archive has");
      }
      ahead = Optional.empty();
    }
  }

  /** Whether it is to be signed now. */
  boolean due(Instant now) {
    return mayBeSigned()
        && tree.unsigned() > 0
        && (tree.unsigned() >= everyRecords
            || firstUnsignedAt.map(at -> !now.isBefore(at.plus(every))).orElse(false));
  }

  /** False until the tree has come to what the archive has of it. */
  boolean mayBeSigned() {
    return ahead.isEmpty();
  }

  /**
   * What is to be written, in order: now and then the memory, and the checkpoint. A memory alone is
   * nothing to resume from: only a checkpoint has the tree.
   */
  List<AuditRecord> sign(NotaryKey key, Instant now) {
    List<AuditRecord> records = new ArrayList<>();
    if (sinceMemory.isLong(tree.threads(), now)) {
      records.addAll(tree.memory(key, THREADS_A_MEMORY_RECORD));
      sinceMemory = SinceMemory.at(sinceMemory.offset());
    }
    CheckpointRecord checkpoint = tree.sign(key, now);
    firstUnsignedAt = Optional.empty();
    sinceMemory = sinceMemory.and(checkpoint);
    records.add(checkpoint);
    return records;
  }

  /** A memory was written there. */
  void remembered(long offset) {
    sinceMemory = sinceMemory.from(offset);
  }

  void forgetBefore(long firstOffset) {
    tree.forgetBefore(firstOffset);
  }

  long nextOffset() {
    return tree.nextOffset();
  }

  /** Where to begin reading audit-checkpoints to resume. */
  long memoryOffset() {
    return sinceMemory.offset();
  }

  /** Records read and not signed yet. */
  long unsigned() {
    return tree.unsigned();
  }
}
