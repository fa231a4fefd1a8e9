package io.runwire.loadtest.measure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.loadtest.drive.Pulses;
import io.runwire.loadtest.process.Await;
import io.runwire.loadtest.process.BrokerConfig;
import io.runwire.loadtest.process.EmbeddedKafka;
import io.runwire.producer.Runwire;
import io.runwire.producer.kafka.KafkaLog;
import io.runwire.producer.kafka.KafkaLogConfig;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ArrivalsIT {
  private static final String BARE = "bare";
  private static final String AGENTS = Topic.AGENT_EVENTS.topicName();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @SuppressWarnings("NullAway.Init")
  private static EmbeddedKafka kafka;

  @BeforeAll
  static void start() throws Exception {
    kafka = EmbeddedKafka.start(BrokerConfig.temporary());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      admin
          .createTopics(
              List.of(new NewTopic(BARE, 1, (short) 1), new NewTopic(AGENTS, 1, (short) 1)))
          .all()
          .get();
    }
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void timesThePulsesOfOneTopicFromTheMomentAtWhichTheyWereDue() throws Exception {
    try (Arrivals arrivals = new Arrivals(kafka.bootstrapServers(), List.of(in(BARE), in(AGENTS)));
        Runwire bare = Runwire.over(new BareLog(kafka.bootstrapServers(), BARE));
        Runwire agents =
            Runwire.over(KafkaLog.connect(KafkaLogConfig.of(kafka.bootstrapServers(), Map.of())))) {
      long nowUs = Arrivals.nowUs();
      arrivals.time(BARE, nowUs - 5_000_000);
      Pulses onBare = new Pulses(bare, List.of("t"), 10, 100);
      Pulses onAgents = new Pulses(agents, List.of("t"), 10, 100);
      onAgents.write(nowUs - 1_000_000);
      onAgents.end();
      onBare.write(nowUs - 6_000_000);
      onBare.write(nowUs - 4_000_000);
      onBare.write(nowUs - 3_000_000);
      onBare.end();
      Await.until("two pulses", PATIENCE, () -> arrivals.timed() >= 2);
      assertThat(arrivals.latencies().events()).isEqualTo(2);
      assertThat(arrivals.latencies().medianMs()).isGreaterThanOrEqualTo(3_000);
      assertThat(arrivals.latencies().longestMs()).isGreaterThanOrEqualTo(4_000);
    }
    assertThat(shapes(BARE).get(0)).as("bytes of the bare way").isEqualTo(shapes(AGENTS).get(0));
    assertThat(shapes(BARE).get(1)).isEqualTo(shapes(AGENTS).get(1));
  }

  /** Key, names of the headers, and length of the value. */
  private static List<List<Object>> shapes(String topic) {
    return records(topic).stream()
        .filter(record -> record.key() != null) // but for the one by which the topic was tried
        .map(
            record ->
                List.<Object>of(
                    new String(record.key(), UTF_8),
                    Stream.of(record.headers().toArray()).map(Header::key).toList(),
                    record.value().length))
        .toList();
  }

  private static List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    Set<TopicPartition> partitions = new HashSet<>(List.of(in(topic)));
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      return consumer.poll(PATIENCE).records(in(topic));
    }
  }

  private static TopicPartition in(String topic) {
    return new TopicPartition(topic, 0);
  }
}
