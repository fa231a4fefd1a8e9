package io.runwire.processor.audit;

import io.runwire.audit.BundleLine;
import io.runwire.audit.BundleSpan;
import io.runwire.audit.Checkpoint;
import io.runwire.audit.CheckpointRecord;
import io.runwire.audit.Frontier;
import io.runwire.audit.SignedCheckpoint;
import io.runwire.audit.StoredRecord;
import io.runwire.event.Envelope;
import io.runwire.event.EnvelopeReader;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Writes bundles: a run's or a thread's records as they lie in the log now, with the proofs of what
 * was signed in their places. Reads the spans that the records lie in, and nothing else of the log.
 *
 * <p>It does not judge; a log that was tampered with is exported as it is, for the verifier to
 * find. Not thread-safe.
 */
public final class BundleExport implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(100);

  /**
   * What to export.
   *
   * @param run empty for all of the thread between the offsets
   * @param firstOffset of thread-events, inclusive
   * @param lastOffset inclusive
   */
  public record Wanted(
      String thread, Optional<String> run, int partition, long firstOffset, long lastOffset) {}

  /**
   * What came of it.
   *
   * @param entries records of the thread in the bundle
   * @param recordsRead records of the log that were read for it
   * @param bytesRead of them
   */
  public record Exported(long entries, long recordsRead, long bytesRead) {}

  /** The records, or some of them, are under no checkpoint yet, or no more. */
  public static final class NotSignedException extends Exception {
    NotSignedException(String message) {
      super(message);
    }
  }

  private final KafkaConsumer<byte[], byte[]> log;
  private final CheckpointSearch checkpoints;
  private final Uuid topicId;
  private long recordsRead;
  private long bytesRead;

  /**
   * @param kafka settings of the clients, {@code bootstrap.servers} among them
   */
  public BundleExport(Map<String, Object> kafka) {
    Map<String, Object> settings = new HashMap<>(kafka);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    try (Admin admin = Admin.create(kafka)) {
      topicId =
          admin
              .describeTopics(List.of(Topic.THREAD_EVENTS.topicName()))
              .allTopicNames()
              .toCompletionStage()
              .toCompletableFuture()
              .join()
              .values()
              .iterator()
              .next()
              .topicId();
    }
    this.log =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    this.checkpoints =
        new CheckpointSearch(
            new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
            topicId);
  }

  /**
   * Exports.
   *
   * @param out takes the bundle's lines in order
   * @throws NotSignedException before anything was written, if checkpoints do not cover the span
   */
  public Exported export(Wanted wanted, Consumer<BundleLine> out) throws NotSignedException {
    checkpoints.seek(wanted.partition(), wanted.firstOffset());
    Frontier before = checkpoints.before();
    Optional<CheckpointRecord> closing = checkpoints.next();
    requireSigned(wanted, closing.map(CheckpointRecord::checkpoint));
    out.accept(
        new BundleLine.Head(
            closing.map(CheckpointRecord::signed).flatMap(SignedCheckpoint::signer).orElse(""),
            topicId,
            wanted.partition(),
            wanted.thread(),
            wanted.run()));
    recordsRead = 0;
    bytesRead = 0;
    long entries = 0;
    while (closing.isPresent()) {
      CheckpointRecord span = closing.get();
      Optional<BundleSpan> part = BundleSpan.of(before, span, wanted.thread());
      if (part.isPresent()) {
        List<BundleLine> lines = part.get().lines(read(wanted, span));
        lines.forEach(out);
        entries += lines.size() - 1;
      }
      before = span.tree();
      closing =
          span.checkpoint().nextOffset() > wanted.lastOffset()
              ? Optional.empty()
              : checkpoints.next();
    }
    out.accept(new BundleLine.End(entries));
    return new Exported(entries, recordsRead, bytesRead);
  }

  private void requireSigned(Wanted wanted, Optional<Checkpoint> first) throws NotSignedException {
    long until = checkpoints.signedUntil();
    if (until <= wanted.lastOffset()) {
      throw new NotSignedException(
          "signed up to offset "
              + until
              + " of partition "
              + wanted.partition()
              + ", but "
              + wanted.run().map(run -> "run " + run).orElse("the thread")
              + " goes to "
              + wanted.lastOffset()
              + ": try again in a moment (is a notary running?)");
    }
    if (first.isEmpty()) {
      throw new NotSignedException("no checkpoint covers offset " + wanted.firstOffset());
    }
  }

  /** The thread's records in a span, as they lie there now. */
  private List<StoredRecord> read(Wanted wanted, CheckpointRecord span) {
    TopicPartition tp = new TopicPartition(Topic.THREAD_EVENTS.topicName(), wanted.partition());
    long start = log.beginningOffsets(List.of(tp)).getOrDefault(tp, 0L);
    long from = Math.max(start, span.leaves().get(0).offset());
    long to =
        Math.min(span.checkpoint().nextOffset(), log.endOffsets(List.of(tp)).getOrDefault(tp, 0L));
    List<StoredRecord> records = new ArrayList<>();
    if (from >= to) {
      return records;
    }
    log.assign(List.of(tp));
    log.seek(tp, from);
    while (log.position(tp) < to) {
      for (ConsumerRecord<byte[], byte[]> record : log.poll(POLL)) {
        recordsRead++;
        bytesRead += record.serializedKeySize() + record.serializedValueSize();
        if (record.offset() < to && ofThread(record, wanted.thread())) {
          records.add(StoredRecord.of(record));
        }
      }
    }
    return records;
  }

  private static boolean ofThread(ConsumerRecord<byte[], byte[]> record, String thread) {
    return EnvelopeReader.read(record.key(), record.headers()) instanceof Envelope.Read read
        && read.envelope().thread().equals(thread);
  }

  @Override
  public void close() {
    log.close();
    checkpoints.close();
  }
}
