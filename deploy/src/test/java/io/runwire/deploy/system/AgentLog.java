package io.runwire.deploy.system;

import io.runwire.topic.ThreadPartitioner;
import io.runwire.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** What agents really wrote: agent-events, read without any of our code. */
final class AgentLog {
  private AgentLog() {}

  /** The values of a run, in log order. */
  static List<String> values(String bootstrapServers, String thread, String run) {
    TopicPartition partition =
        new TopicPartition(
            Topic.AGENT_EVENTS.topicName(),
            ThreadPartitioner.partition(thread, Runwired.PARTITIONS));
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
      while (consumer.position(partition) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          Header header = record.headers().lastHeader("run");
          if (new String(header.value(), StandardCharsets.UTF_8).equals(run)) {
            values.add(new String(record.value(), StandardCharsets.UTF_8));
          }
        }
      }
    }
    return values;
  }
}
