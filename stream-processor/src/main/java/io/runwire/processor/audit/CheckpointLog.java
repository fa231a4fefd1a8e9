package io.runwire.processor.audit;

import io.runwire.audit.AuditRecord;
import io.runwire.audit.Checkpoint;
import io.runwire.audit.CheckpointRecord;
import io.runwire.audit.Leaf;
import io.runwire.audit.NotaryPublicKey;
import io.runwire.audit.Origin;
import io.runwire.audit.PartitionTree;
import io.runwire.audit.Resumption;
import io.runwire.processor.audit.StoppedException.Reason;
import io.runwire.topic.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds where a partition's notary stopped, from audit-checkpoints and from the archive, which must
 * not contradict each other. Belongs to the notary's thread.
 */
final class CheckpointLog {
  private static final Duration POLL = Duration.ofMillis(100);

  /** A transaction that nobody ends is ended by the broker, which looks every ten seconds. */
  private static final Duration DECIDED_WITHIN = NotaryClients.TRANSACTION_TIMEOUT.multipliedBy(2);

  private final Consumer<byte[], byte[]> consumer;
  private final Consumer<byte[], byte[]> undecided;
  private final CheckpointArchive archive;
  private final List<NotaryPublicKey> keys;
  private final Clock clock;

  /**
   * @param consumer of its own, which sees only what was committed
   * @param undecided another, which sees what is not decided, too
   */
  CheckpointLog(
      Consumer<byte[], byte[]> consumer,
      Consumer<byte[], byte[]> undecided,
      CheckpointArchive archive,
      List<NotaryPublicKey> keys,
      Clock clock) {
    this.consumer = consumer;
    this.undecided = undecided;
    this.archive = archive;
    this.keys = List.copyOf(keys);
    this.clock = clock;
  }

  /**
   * Where a partition stands.
   *
   * @param tree at its last checkpoint, empty where there is none
   * @param lastSigned the last record of that tree
   * @param ahead the archive's last checkpoint, where it lies behind Kafka's last
   * @param sinceMemory what of audit-checkpoints had to be read
   */
  record Standing(
      Optional<PartitionTree> tree,
      Optional<Leaf> lastSigned,
      Optional<Checkpoint> ahead,
      SinceMemory sinceMemory) {}

  /**
   * Reads where a partition stands.
   *
   * @param memoryOffset where its last memory begins, if that is known
   * @throws StoppedException if it must not be signed
   * @throws KafkaException if what was written last is neither committed nor aborted for too long
   */
  Standing standing(Origin origin, Optional<Long> memoryOffset)
      throws StoppedException, IOException {
    TopicPartition partition =
        new TopicPartition(Topic.AUDIT_CHECKPOINTS.topicName(), origin.partition());
    List<TopicPartition> one = List.of(partition);
    Resumption resumption;
    long begin;
    try {
      consumer.assign(one);
      long first = consumer.beginningOffsets(one).getOrDefault(partition, 0L);
      begin = Math.max(first, memoryOffset.orElse(0L));
      resumption = read(origin, partition, begin);
      if (resumption.last().isEmpty() && begin > first) {
        // No checkpoint stands behind the memory.
        begin = first;
        resumption = read(origin, partition, begin);
      }
    } catch (Resumption.BrokenException e) {
      throw new StoppedException(Reason.BROKEN_CHECKPOINTS, partition + ": " + e.getMessage());
    } finally {
      consumer.unsubscribe();
    }
    return new Standing(
        resumption.tree(),
        resumption.last().flatMap(CheckpointRecord::lastLeaf),
        ahead(origin, resumption.last().map(CheckpointRecord::checkpoint)),
        SinceMemory.of(begin, resumption));
  }

  /**
   * Reads to the end of what was written, and not of what is committed: a transaction's positions
   * are committed before its checkpoints can be read, and what was signed must not be signed again.
   */
  private Resumption read(Origin origin, TopicPartition partition, long begin)
      throws StoppedException, Resumption.BrokenException {
    Resumption resumption = new Resumption(origin, keys);
    consumer.seek(partition, begin);
    long end = undecided.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    long position = begin;
    Instant giveUpAt = clock.instant().plus(DECIDED_WITHIN);
    while (position < end) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        resumption.accept(parse(record));
      }
      long next = consumer.position(partition);
      if (next > position) {
        position = next;
        giveUpAt = clock.instant().plus(DECIDED_WITHIN);
      } else if (clock.instant().isAfter(giveUpAt)) {
        throw new KafkaException(partition + " cannot be read beyond offset " + position);
      }
    }
    return resumption;
  }

  private Optional<Checkpoint> ahead(Origin origin, Optional<Checkpoint> inKafka)
      throws IOException, StoppedException {
    Optional<Checkpoint> archived = archive.last(origin);
    long size = inKafka.map(Checkpoint::size).orElse(0L);
    if (archived.isEmpty() || archived.get().size() < size) {
      return Optional.empty();
    }
    if (archived.get().size() > size) {
      return archived;
    }
    if (inKafka.isPresent() && !archived.get().root().equals(inKafka.get().root())) {
      throw new StoppedException(
          Reason.CONTRADICTION,
          "at size "
              + size
              + " the archive has the root "
              + archived.get().root()
              + ", audit-checkpoints has "
              + inKafka.get().root());
    }
    return Optional.empty();
  }

  private static AuditRecord parse(ConsumerRecord<byte[], byte[]> record) throws StoppedException {
    byte[] value = record.value();
    return Optional.ofNullable(value)
        .flatMap(bytes -> AuditRecord.parse(new String(bytes, StandardCharsets.UTF_8)))
        .orElseThrow(
            () ->
                new StoppedException(
                    Reason.BROKEN_CHECKPOINTS,
                    record.topic()
                        + "-"
                        + record.partition()
                        + " offset "
                        + record.offset()
                        + " is no record of a notary"));
  }
}
