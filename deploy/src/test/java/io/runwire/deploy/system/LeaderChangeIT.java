package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runwire.audit.BundleLine;
import io.runwire.audit.Judgement;
import io.runwire.audit.NotaryKey;
import io.runwire.audit.Verification;
import io.runwire.config.SecretFile;
import io.runwire.event.EventHeaders;
import io.runwire.event.SourcePosition;
import io.runwire.loadtest.process.ChildProcess;
import io.runwire.loadtest.process.KafkaCluster;
import io.runwire.loadtest.process.ProcessGroup;
import io.runwire.processor.audit.BundleExport;
import io.runwire.processor.audit.BundleExport.NotSignedException;
import io.runwire.processor.audit.BundleExport.Wanted;
import io.runwire.processor.audit.Notary;
import io.runwire.processor.audit.NotaryConfig;
import io.runwire.processor.topics.TopicSetup;
import io.runwire.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three real brokers, of which the one that leads is killed again and again while a run is written
 * and signed.
 */
class LeaderChangeIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final NotaryKey KEY = NotaryKey.generate("example.org/leaders");
  private static final Uuid SOURCE = Uuid.randomUuid();
  private static final String THREAD = "audit.leaders";
  private static final String RUN = "led";
  private static final int LEADERS_KILLED = 2;
  private static final int EVENTS_EACH = 60;

  @TempDir private Path folder;

  @Test
  void changesOfTheLeaderDoNotDisturbTheProof() throws Exception {
    SecretFile.create(folder.resolve("key"), List.of(KEY.secret()));
    try (ProcessGroup group = new ProcessGroup(child -> {}, () -> {});
        KafkaCluster kafka =
            KafkaCluster.start(group, folder.resolve("data"), logs(), 3, List.of())) {
      TopicSetup.ensure(kafka.admin(), 1, kafka.replicationFactor());
      kafka.awaitReady();
      try (Notary ignored = notary(kafka)) {
        int seq = 1;
        try (KafkaProducer<byte[], byte[]> producer = producer(kafka)) {
          for (int killed = 0; killed < LEADERS_KILLED; killed++) {
            seq = write(producer, seq, EVENTS_EACH);
            ChildProcess leader = kafka.leader(Topic.THREAD_EVENTS.topicName(), 0);
            leader.kill();
            seq = write(producer, seq, EVENTS_EACH);
            leader.start();
            kafka.awaitReady();
          }
          append(producer, seq, "RUN_FINISHED");
        }
        assertThat(epochs(kafka)).hasSizeGreaterThan(LEADERS_KILLED);
        Judgement judgement = judge(export(kafka, seq - 1));

        assertThat(judgement.findings()).isEmpty();
        assertThat(judgement.sentence()).contains("run " + RUN + " of thread " + THREAD);
      }
    }
  }

  private Path logs() throws Exception {
    return Files.createDirectories(folder.resolve("logs"));
  }

  private Notary notary(KafkaCluster kafka) throws Exception {
    return Notary.start(
        NotaryConfig.of(
            Map.of(
                "bootstrap.servers", kafka.bootstrapServers(),
                "partitions", "1",
                "key.file", folder.resolve("key").toString(),
                "archive.dir", folder.resolve("archive").toString(),
                "checkpoint.records", "25",
                "checkpoint.ms", "300",
                "management.port", "0")));
  }

  private static KafkaProducer<byte[], byte[]> producer(KafkaCluster kafka) {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", kafka.bootstrapServers(), "acks", "all"),
        new ByteArraySerializer(),
        new ByteArraySerializer());
  }

  /** Returns the next seq. */
  private static int write(KafkaProducer<byte[], byte[]> producer, int fromSeq, int count)
      throws Exception {
    for (int seq = fromSeq; seq < fromSeq + count; seq++) {
      append(producer, seq, seq == 1 ? "RUN_STARTED" : "CUSTOM");
    }
    return fromSeq + count;
  }

  private static void append(KafkaProducer<byte[], byte[]> producer, int seq, String type)
      throws Exception {
    String value =
        "{\"type\":\"%s\",\"name\":\"n\",\"value\":%d,\"runId\":\"%s\"}".formatted(type, seq, RUN);
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(Topic.THREAD_EVENTS.topicName(), 0, bytes(THREAD), bytes(value));
    record.headers().add(EventHeaders.RUN, bytes(RUN));
    record.headers().add(EventHeaders.SEQ, bytes(Integer.toString(seq)));
    record.headers().add(EventHeaders.TYPE, bytes(type));
    record.headers().add(EventHeaders.SRC, bytes(new SourcePosition(SOURCE, 0, seq).toString()));
    producer.send(record).get();
  }

  /** Of the leaders under which the log's records were written. */
  private static Set<Integer> epochs(KafkaCluster kafka) {
    Set<Integer> epochs = new HashSet<>();
    TopicPartition partition = new TopicPartition(Topic.THREAD_EVENTS.topicName(), 0);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          record.leaderEpoch().ifPresent(epochs::add);
        }
      }
    }
    return epochs;
  }

  private static List<BundleLine> export(KafkaCluster kafka, long lastOffset) {
    List<BundleLine> lines = new ArrayList<>();
    await()
        .atMost(SOON)
        .ignoreException(NotSignedException.class)
        .until(
            () -> {
              lines.clear();
              try (BundleExport export =
                  new BundleExport(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
                export.export(new Wanted(THREAD, Optional.of(RUN), 0, 0, lastOffset), lines::add);
                return true;
              }
            });
    return lines;
  }

  private static Judgement judge(List<BundleLine> lines) {
    Verification verification = new Verification(KEY.publicKey());
    lines.forEach(line -> verification.line(line.toJson()));
    return verification.judge();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
