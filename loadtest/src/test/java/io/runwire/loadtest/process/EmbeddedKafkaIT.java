package io.runwire.loadtest.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
import org.junit.jupiter.api.io.TempDir;

class EmbeddedKafkaIT {
  @Test
  void keepsWhatWasWrittenInItsFolderOverARestart(@TempDir Path folder) throws Exception {
    BrokerConfig config = BrokerConfig.temporary().withFolder(folder);
    try (EmbeddedKafka kafka = EmbeddedKafka.start(config);
        Admin admin = Admin.create(clients(kafka));
        KafkaProducer<byte[], byte[]> producer =
            new KafkaProducer<>(
                clients(kafka), new ByteArraySerializer(), new ByteArraySerializer())) {
      admin.createTopics(List.of(new NewTopic("log", 1, (short) 1))).all().get();
      producer.send(new ProducerRecord<>("log", "kept".getBytes(StandardCharsets.UTF_8))).get();
    }
    try (EmbeddedKafka kafka = EmbeddedKafka.start(config)) {
      assertThat(first(kafka)).isEqualTo("kept");
    }
  }

  @Test
  void namesThePortThatIsTaken() throws Exception {
    try (ServerSocket taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      BrokerConfig config = BrokerConfig.temporary().withPort(taken.getLocalPort());
      assertThatThrownBy(() -> EmbeddedKafka.start(config))
          .isInstanceOf(BrokerFailedException.class)
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
          .hasMessageContaining("in use");
    }
  }

  @Test
  void saysThatAnotherBrokerHasTheFolder(@TempDir Path folder) {
    BrokerConfig config = BrokerConfig.temporary().withFolder(folder);
    try (EmbeddedKafka first = EmbeddedKafka.start(config)) {
      assertThat(first.bootstrapServers()).startsWith("127.0.0.1:");
      assertThatThrownBy(() -> EmbeddedKafka.start(config))
          .isInstanceOf(BrokerFailedException.class)
          .hasMessageContaining(folder.toString());
    }
  }

  private static Map<String, Object> clients(EmbeddedKafka kafka) {
    return Map.of("bootstrap.servers", kafka.bootstrapServers());
  }

  private static String first(EmbeddedKafka kafka) {
    TopicPartition log = new TopicPartition("log", 0);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            clients(kafka), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(log));
      consumer.seekToBeginning(List.of(log));
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(10))) {
        return new String(record.value(), StandardCharsets.UTF_8);
      }
      return "nothing";
    }
  }
}
