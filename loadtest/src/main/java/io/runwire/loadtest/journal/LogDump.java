package io.runwire.loadtest.journal;

import io.runwire.event.Envelope;
import io.runwire.event.EnvelopeReader;
import io.runwire.event.SourcePosition;
import io.runwire.fold.Fold;
import io.runwire.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Writes down all of thread-events with a plain consumer, from its beginning to its end as it stood
 * when the dump began, and judges each record by a fold of its thread. Shares nothing with the
 * edges but the contracts.
 */
public final class LogDump {
  /** A poll that brings nothing for so long while records are outstanding is a broken cluster. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private LogDump() {}

  /**
   * Dumps the log.
   *
   * @param bootstrap a broker's address
   * @param file must not exist yet
   * @return how many records it wrote
   * @throws IllegalStateException where the log cannot be read to its end, or holds what is no
   *     event
   */
  public static long write(String bootstrap, Path file) {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrap,
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "none",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false);
    try (KafkaConsumer<byte[], byte[]> consumer =
            new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        JournalWriter<Logged> journal = JournalWriter.logged(file)) {
      return copy(consumer, journal);
    }
  }

  private static long copy(KafkaConsumer<byte[], byte[]> consumer, JournalWriter<Logged> journal) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(Topic.THREAD_EVENTS.topicName()).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    Map<String, Fold> folds = new HashMap<>();
    long written = 0;
    long idleSinceNs = System.nanoTime();
    while (!atEnd(consumer, ends)) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
        idleSinceNs = System.nanoTime();
        TopicPartition partition = new TopicPartition(record.topic(), record.partition());
        if (record.offset() < ends.getOrDefault(partition, 0L)) {
          journal.write(judged(record, folds));
          written++;
        }
      }
      if (System.nanoTime() - idleSinceNs > PATIENCE.toNanos()) {
        throw new IllegalStateException(
            "thread-events: nothing read for " + PATIENCE + " before the end: " + ends);
      }
    }
    return written;
  }

  private static boolean atEnd(
      KafkaConsumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
  }

  private static Logged judged(ConsumerRecord<byte[], byte[]> record, Map<String, Fold> folds) {
    Envelope.Reading reading = EnvelopeReader.read(record.key(), record.headers());
    if (!(reading instanceof Envelope.Read read) || record.value() == null) {
      throw new IllegalStateException(
          "thread-events-" + record.partition() + " offset " + record.offset() + ": " + reading);
    }
    Envelope envelope = read.envelope();
    Fold fold =
        folds.computeIfAbsent(
            envelope.thread(), thread -> new Fold(Fold.DEFAULT_CAPACITY, Fold.NO_FLOOR));
    return new Logged(
        record.timestamp(),
        record.partition(),
        record.offset(),
        envelope.src().map(SourcePosition::offset).orElse(Fold.NO_FLOOR),
        envelope.thread(),
        envelope.run(),
        envelope.attempt(),
        envelope.seq(),
        envelope.ends(),
        Hashes.of(record.value()),
        envelope.origin(),
        fold.apply(envelope));
  }
}
