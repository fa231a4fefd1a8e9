package io.runwire.processor.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.audit.AuditRecord;
import io.runwire.audit.MemoryRecord;
import io.runwire.audit.NotaryKey;
import io.runwire.audit.Origin;
import io.runwire.audit.PartitionTree;
import io.runwire.audit.Resumption;
import io.runwire.event.EventHeaders;
import io.runwire.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a transaction was the last one, its successor finds the tree. */
class CheckpointWriterTest {
  private static final NotaryKey KEY = NotaryKey.generate("example.org/test");
  private static final Origin ORIGIN =
      new Origin(KEY.publicKey().name(), Uuid.fromString("Zm9vYmFyYmF6cXV4MTIzNA"), 0);
  private static final TopicPartition SOURCE =
      new TopicPartition(Topic.THREAD_EVENTS.topicName(), 0);
  private static final int CHECKPOINTS_A_MEMORY = 1_000;

  @TempDir Path folder;
  private final MockProducer<byte[], byte[]> producer =
      new MockProducer<>(true, null, new ByteArraySerializer(), new ByteArraySerializer());
  private PartitionTree tree = new PartitionTree(ORIGIN, 0);
  private NotarisedPartition partition = partition(SinceMemory.at(0));
  private Instant now = Instant.EPOCH;

  @Test
  void whatIsCommittedLeadsToTheTreeBeforeAMemoryWithItAndAfterIt() throws Exception {
    try (CheckpointWriter writer =
        new CheckpointWriter(producer, new CheckpointArchive(folder), new NotaryMeters())) {
      writer.begin();
      write(writer, CHECKPOINTS_A_MEMORY - 2);
      for (int turn = 0; turn < 5; turn++) {
        write(writer, 1);
        assertResumable();
      }
      assertThat(committed().metadata()).isEqualTo(Integer.toString(firstMemory()));
      write(writer, 2 * CHECKPOINTS_A_MEMORY);
      assertResumable();
    }
  }

  @Test
  void restartsDoNotPutAMemoryOff() throws Exception {
    try (CheckpointWriter writer =
        new CheckpointWriter(producer, new CheckpointArchive(folder), new NotaryMeters())) {
      writer.begin();
      for (int life = 0; life < 4; life++) {
        write(writer, CHECKPOINTS_A_MEMORY / 3);
        restart();
      }
      assertThat(firstMemory()).isEqualTo(CHECKPOINTS_A_MEMORY);
    }
  }

  @Test
  void aPartitionThatIsQuietHasAMemoryEachWeek() throws Exception {
    try (CheckpointWriter writer =
        new CheckpointWriter(producer, new CheckpointArchive(folder), new NotaryMeters())) {
      writer.begin();
      for (int day = 0; day <= 7; day++) {
        assertThat(firstMemory()).isEqualTo(-1);
        write(writer, 1);
        restart();
        now = now.plus(Duration.ofDays(1));
      }
      assertThat(firstMemory()).isEqualTo(7);
    }
  }

  private NotarisedPartition partition(SinceMemory sinceMemory) {
    return new NotarisedPartition(tree, Optional.empty(), sinceMemory, 1, Duration.ZERO);
  }

  private void restart() throws Exception {
    Resumption resumption = resumption();
    tree = resumption.tree().orElseThrow();
    partition = partition(SinceMemory.of(Integer.parseInt(committed().metadata()), resumption));
  }

  /** One transaction of so many checkpoints. */
  private void write(CheckpointWriter writer, int checkpoints) throws Exception {
    List<AuditRecord> signed = new ArrayList<>();
    for (int i = 0; i < checkpoints; i++) {
      partition.add(event(tree.nextOffset()), now);
      signed.addAll(partition.sign(KEY, now));
    }
    writer.write(Map.of(0, signed), Map.of(0, partition), new ConsumerGroupMetadata("g"));
  }

  private void assertResumable() throws Exception {
    PartitionTree resumed = resumption().tree().orElseThrow();
    assertThat(resumed.root()).isEqualTo(tree.root());
    assertThat(resumed.threads()).isEqualTo(tree.threads());
    assertThat(resumed.nextOffset()).isEqualTo(committed().offset());
  }

  private Resumption resumption() throws Exception {
    Resumption resumption = new Resumption(ORIGIN, List.of(KEY.publicKey()));
    List<AuditRecord> written = written();
    for (AuditRecord record :
        written.subList(Integer.parseInt(committed().metadata()), written.size())) {
      resumption.accept(record);
    }
    return resumption;
  }

  private int firstMemory() {
    List<AuditRecord> written = written();
    for (int i = 0; i < written.size(); i++) {
      if (written.get(i) instanceof MemoryRecord) {
        return i;
      }
    }
    return -1;
  }

  private List<AuditRecord> written() {
    return producer.history().stream()
        .map(ProducerRecord::value)
        .map(value -> AuditRecord.parse(new String(value, StandardCharsets.UTF_8)).orElseThrow())
        .toList();
  }

  private OffsetAndMetadata committed() {
    return producer.consumerGroupOffsetsHistory().stream()
        .flatMap(groups -> groups.values().stream())
        .flatMap(positions -> positions.values().stream())
        .reduce((earlier, later) -> later)
        .orElseThrow();
  }

  private static ConsumerRecord<byte[], byte[]> event(long offset) {
    ConsumerRecord<byte[], byte[]> record =
        new ConsumerRecord<>(
            SOURCE.topic(), SOURCE.partition(), offset, utf8("t" + offset % 7), utf8("{}"));
    record
        .headers()
        .add(EventHeaders.RUN, utf8("r"))
        .add(EventHeaders.SEQ, utf8("" + (offset + 1)))
        .add(EventHeaders.TYPE, utf8("CUSTOM"));
    return record;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
