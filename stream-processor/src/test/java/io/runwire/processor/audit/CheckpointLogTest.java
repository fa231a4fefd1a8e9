package io.runwire.processor.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runwire.audit.CheckpointRecord;
import io.runwire.audit.NotaryKey;
import io.runwire.audit.Origin;
import io.runwire.audit.PartitionTree;
import io.runwire.audit.StoredRecord;
import io.runwire.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a notary stopped is known when all that was written is decided, and not before. */
class CheckpointLogTest {
  private static final NotaryKey KEY = NotaryKey.generate("example.org/test");
  private static final Origin ORIGIN =
      new Origin(KEY.publicKey().name(), Uuid.fromString("Zm9vYmFyYmF6cXV4MTIzNA"), 0);
  private static final TopicPartition CHECKPOINTS =
      new TopicPartition(Topic.AUDIT_CHECKPOINTS.topicName(), 0);

  @TempDir Path folder;
  private final MockConsumer<byte[], byte[]> committed = new MockConsumer<>("none");
  private final MockConsumer<byte[], byte[]> undecided = new MockConsumer<>("none");
  private final PartitionTree tree = new PartitionTree(ORIGIN, 0);

  @BeforeEach
  void twoCheckpointsAreWritten() {
    committed.updateBeginningOffsets(Map.of(CHECKPOINTS, 0L));
    committed.updateEndOffsets(Map.of(CHECKPOINTS, 1L));
    undecided.updateEndOffsets(Map.of(CHECKPOINTS, 2L));
    committed.schedulePollTask(() -> committed.addRecord(checkpoint(0)));
  }

  @Test
  void waitsForWhatIsWrittenAndNotYetCommitted() throws Exception {
    committed.schedulePollTask(() -> {});
    committed.schedulePollTask(() -> committed.addRecord(checkpoint(1)));
    assertThat(standing(Clock.systemUTC())).isEqualTo(2);
  }

  @Test
  void doesNotWaitForEver() {
    AtomicLong seconds = new AtomicLong();
    InstantSource hurrying = () -> Instant.ofEpochSecond(seconds.incrementAndGet());
    assertThatThrownBy(() -> standing(hurrying.withZone(ZoneOffset.UTC)))
        .isInstanceOf(KafkaException.class)
        .hasMessage("audit-checkpoints-0 cannot be read beyond offset 1");
  }

  /** The size of the tree that was found. */
  private long standing(Clock clock) throws Exception {
    return new CheckpointLog(
            committed, undecided, new CheckpointArchive(folder), List.of(KEY.publicKey()), clock)
        .standing(ORIGIN, Optional.empty())
        .tree()
        .orElseThrow()
        .size();
  }

  private ConsumerRecord<byte[], byte[]> checkpoint(long offset) {
    tree.add(new StoredRecord(0, offset, 0, null, null, new RecordHeaders()));
    CheckpointRecord signed = tree.sign(KEY, Instant.EPOCH);
    return new ConsumerRecord<>(
        CHECKPOINTS.topic(),
        CHECKPOINTS.partition(),
        offset,
        null,
        signed.toJson().getBytes(StandardCharsets.UTF_8));
  }
}
