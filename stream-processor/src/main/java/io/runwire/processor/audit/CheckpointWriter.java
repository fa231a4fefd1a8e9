package io.runwire.processor.audit;

import io.runwire.audit.AuditRecord;
import io.runwire.audit.CheckpointRecord;
import io.runwire.audit.MemoryRecord;
import io.runwire.topic.Topic;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Writes what was signed: one transaction with the positions that it covers, then the archive.
 * Belongs to the notary's thread.
 */
final class CheckpointWriter implements AutoCloseable {
  private final Producer<byte[], byte[]> producer;
  private final CheckpointArchive archive;
  private final NotaryMeters meters;

  /**
   * @param producer transactional, of its own
   */
  CheckpointWriter(
      Producer<byte[], byte[]> producer, CheckpointArchive archive, NotaryMeters meters) {
    this.producer = producer;
    this.archive = archive;
    this.meters = meters;
  }

  /** Waits until no earlier transaction of this producer is left. */
  void begin() {
    producer.initTransactions();
  }

  /**
   * Commits checkpoints, memories and positions together; then the archive gets the checkpoints.
   *
   * @param signed what to write, by partition; each is among {@code partitions}
   * @param group the membership by which the partitions are owned: who has lost it cannot write
   * @throws KafkaException if nothing was written
   * @throws IOException if Kafka has it, and the archive has not
   */
  void write(
      Map<Integer, List<AuditRecord>> signed,
      Map<Integer, NotarisedPartition> partitions,
      ConsumerGroupMetadata group)
      throws IOException {
    producer.beginTransaction();
    Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
    signed.forEach(
        (p, records) -> {
          NotarisedPartition partition = partitions.get(p);
          if (partition != null) {
            send(p, partition, records);
            positions.put(
                new TopicPartition(Topic.THREAD_EVENTS.topicName(), p),
                new OffsetAndMetadata(
                    signedUntil(records), Long.toString(partition.memoryOffset())));
          }
        });
    producer.sendOffsetsToTransaction(positions, group);
    producer.commitTransaction();
    for (List<AuditRecord> records : signed.values()) {
      List<CheckpointRecord> checkpoints = checkpoints(records);
      archive.append(
          records.get(0).origin(), checkpoints.stream().map(CheckpointRecord::signed).toList());
      checkpoints.forEach(checkpoint -> meters.signed(checkpoint.leaves().size()));
    }
  }

  private static long signedUntil(List<AuditRecord> records) {
    return checkpoints(records).stream()
        .mapToLong(record -> record.checkpoint().nextOffset())
        .max()
        .orElseThrow();
  }

  private static List<CheckpointRecord> checkpoints(List<AuditRecord> records) {
    return records.stream()
        .filter(CheckpointRecord.class::isInstance)
        .map(CheckpointRecord.class::cast)
        .toList();
  }

  private void send(int p, NotarisedPartition partition, List<AuditRecord> records) {
    byte[] key = Integer.toString(p).getBytes(StandardCharsets.UTF_8);
    for (AuditRecord record : records) {
      Future<RecordMetadata> sent =
          producer.send(
              new ProducerRecord<>(
                  Topic.AUDIT_CHECKPOINTS.topicName(),
                  p,
                  key,
                  record.toJson().getBytes(StandardCharsets.UTF_8)));
      if (record instanceof MemoryRecord memory && memory.part() == 0) {
        partition.remembered(offset(sent));
      }
    }
  }

  private long offset(Future<RecordMetadata> sent) {
    producer.flush();
    try {
      return sent.get().offset();
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException e) {
      throw new KafkaException("memory not written", e.getCause());
    }
  }

  /** Whatever is under way is given up. */
  @Override
  public void close() {
    producer.close(Duration.ZERO);
  }
}
