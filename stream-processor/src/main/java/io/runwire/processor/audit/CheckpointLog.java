package io.runwire.processor.audit;

import io.runwire.audit.AuditRecord;
import io.runwire.audit.Checkpoint;
import io.runwire.audit.CheckpointRecord;
import io.runwire.audit.NotaryPublicKey;
import io.runwire.audit.Origin;
import io.runwire.audit.PartitionTree;
import io.runwire.audit.Resumption;
import io.runwire.processor.audit.StoppedException.Reason;
import io.runwire.topic.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Finds where a partition's notary stopped, from audit-checkpoints and from the archive, which must
 * not contradict each other. Belongs to the notary's thread.
 */
final class CheckpointLog {
  private static final Duration POLL = Duration.ofMillis(100);

  private final Consumer<byte[], byte[]> consumer;
  private final CheckpointArchive archive;
  private final List<NotaryPublicKey> keys;

  /**
   * @param consumer of its own, which sees only what was committed
   */
  CheckpointLog(
      Consumer<byte[], byte[]> consumer, CheckpointArchive archive, List<NotaryPublicKey> keys) {
    this.consumer = consumer;
    this.archive = archive;
    this.keys = List.copyOf(keys);
  }

  /**
   * Where a partition stands.
   *
   * @param tree at its last checkpoint, empty where there is none
   * @param ahead the archive's last checkpoint, where it lies behind Kafka's last
   * @param memoryOffset from which audit-checkpoints had to be read
   */
  record Standing(Optional<PartitionTree> tree, Optional<Checkpoint> ahead, long memoryOffset) {}

  /**
   * Reads where a partition stands.
   *
   * @param memoryOffset where its last memory begins, if that is known
   * @throws StoppedException if it must not be signed
   */
  Standing standing(Origin origin, Optional<Long> memoryOffset)
      throws StoppedException, IOException {
    TopicPartition partition =
        new TopicPartition(Topic.AUDIT_CHECKPOINTS.topicName(), origin.partition());
    List<TopicPartition> one = List.of(partition);
    Resumption resumption = new Resumption(origin, keys);
    long begin;
    try {
      consumer.assign(one);
      begin =
          Math.max(
              memoryOffset.orElse(0L), consumer.beginningOffsets(one).getOrDefault(partition, 0L));
      consumer.seek(partition, begin);
      long end = consumer.endOffsets(one).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          resumption.accept(parse(record));
        }
      }
    } catch (Resumption.BrokenException e) {
      throw new StoppedException(Reason.BROKEN_CHECKPOINTS, partition + ": " + e.getMessage());
    } finally {
      consumer.unsubscribe();
    }
    return new Standing(
        resumption.tree(),
        ahead(origin, resumption.last().map(CheckpointRecord::checkpoint)),
        begin);
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
