package io.runwire.loadtest.drive;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.loadtest.process.Await;
import io.runwire.loadtest.process.BrokerConfig;
import io.runwire.loadtest.process.EmbeddedKafka;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class CopyIT {
  private static final int PARTITIONS = 3;
  private static final int RECORDS = 30;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Test
  void copiesEachRecordAsItStandsAndToItsPartition() throws Exception {
    try (EmbeddedKafka kafka = EmbeddedKafka.start(BrokerConfig.temporary())) {
      createTopics(kafka.bootstrapServers());
      write(kafka.bootstrapServers());
      Copy copy = new Copy(kafka.bootstrapServers(), "from", "to", PARTITIONS, 2);
      try (copy) {
        Await.until("copied", PATIENCE, () -> copy.status().records() >= RECORDS);
      }
      assertThat(read(kafka.bootstrapServers(), "to"))
          .hasSize(RECORDS)
          .isEqualTo(read(kafka.bootstrapServers(), "from"));
    }
  }

  private static void createTopics(String kafka) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
      admin
          .createTopics(
              List.of(
                  new NewTopic("from", PARTITIONS, (short) 1),
                  new NewTopic("to", PARTITIONS, (short) 1)))
          .all()
          .get();
    }
  }

  private static void write(String kafka) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (int i = 0; i < RECORDS; i++) {
        ProducerRecord<byte[], byte[]> record =
            new ProducerRecord<>(
                "from", i % PARTITIONS, 1_764_000_000_000L + i, bytes("key"), bytes("value " + i));
        record.headers().add("seq", bytes(Integer.toString(i)));
        var unused = producer.send(record);
      }
    }
  }

  /** All records of a topic, each as one line, by partition and offset. */
  private static List<String> read(String kafka, String topic) {
    List<String> read = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      for (TopicPartition partition :
          IntStream.range(0, PARTITIONS).mapToObj(p -> new TopicPartition(topic, p)).toList()) {
        consumer.assign(List.of(partition));
        consumer.seekToBeginning(List.of(partition));
        long end = consumer.endOffsets(List.of(partition)).values().iterator().next();
        while (consumer.position(partition) < end) {
          consumer.poll(PATIENCE).forEach(record -> read.add(line(record)));
        }
      }
    }
    return read;
  }

  private static String line(ConsumerRecord<byte[], byte[]> record) {
    return "%d %d %d %s %s seq=%s"
        .formatted(
            record.partition(),
            record.offset(),
            record.timestamp(),
            new String(record.key(), UTF_8),
            new String(record.value(), UTF_8),
            new String(record.headers().lastHeader("seq").value(), UTF_8));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
