package io.runwire.loadtest.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaClusterIT {
  private static final String TOPIC = "log";
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Test
  void keepsEveryAcknowledgedRecordWhenTheLeaderIsKilled(@TempDir Path folder) throws Exception {
    Path logs = Files.createDirectory(folder.resolve("logs"));
    try (ProcessGroup group = new ProcessGroup(child -> {}, () -> {});
        KafkaCluster kafka = KafkaCluster.start(group, folder, logs, 3, List.of("LANE"))) {
      kafka.admin().createTopics(List.of(new NewTopic(TOPIC, 1, (short) 3))).all().get();
      kafka.awaitReady();
      ChildProcess leader = kafka.leader(TOPIC, 0);
      try (KafkaProducer<String, String> producer =
          new KafkaProducer<>(
              Map.of("bootstrap.servers", kafka.bootstrapServers("LANE"), "acks", "all"),
              new StringSerializer(),
              new StringSerializer())) {
        producer.send(new ProducerRecord<>(TOPIC, "before")).get();
        leader.kill();
        producer.send(new ProducerRecord<>(TOPIC, "after")).get();
      }
      leader.start();
      kafka.awaitReady();
      assertThat(read(kafka)).isEqualTo(List.of("before", "after"));
    }
  }

  private static List<String> read(KafkaCluster kafka) {
    TopicPartition log = new TopicPartition(TOPIC, 0);
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(log));
      consumer.seekToBeginning(List.of(log));
      List<String> values = new ArrayList<>();
      long giveUpNs = System.nanoTime() + PATIENCE.toNanos();
      while (values.size() < 2 && System.nanoTime() < giveUpNs) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
      }
      return values;
    }
  }
}
