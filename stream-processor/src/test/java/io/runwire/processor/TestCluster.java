package io.runwire.processor;

import io.runwire.loadtest.process.BrokerConfig;
import io.runwire.loadtest.process.EmbeddedKafka;
import io.runwire.topic.ThreadPartitioner;
import io.runwire.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** A real broker with an agent's producer and an independent reader. */
final class TestCluster implements AutoCloseable {
  static final int PARTITIONS = 2;

  final Admin admin;
  private final EmbeddedKafka kafka;
  private final KafkaProducer<byte[], byte[]> producer;

  TestCluster() {
    kafka = EmbeddedKafka.start(BrokerConfig.temporary());
    Map<String, Object> clients = Map.of("bootstrap.servers", kafka.bootstrapServers());
    admin = Admin.create(clients);
    Map<String, Object> agents = new HashMap<>(clients);
    agents.put("max.request.size", 4 << 20); // what is too large is for the router to say
    producer = new KafkaProducer<>(agents, new ByteArraySerializer(), new ByteArraySerializer());
  }

  String bootstrapServers() {
    return kafka.bootstrapServers();
  }

  ProcessorConfig processor(String applicationId, Path stateDir) {
    return processor(applicationId, stateDir, Map.of());
  }

  /**
   * @param further settings
   */
  ProcessorConfig processor(String applicationId, Path stateDir, Map<String, String> further) {
    Map<String, String> settings = new HashMap<>(further);
    settings.put("bootstrap.servers", kafka.bootstrapServers());
    settings.put("application.id", applicationId);
    settings.put("partitions", Integer.toString(PARTITIONS));
    settings.put("http.port", "0");
    settings.put("management.port", "0");
    settings.put("threads", "1");
    settings.put("state.dir", stateDir.toString());
    return ProcessorConfig.of(settings);
  }

  void send(AgentEvent... events) throws Exception {
    List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
    for (AgentEvent event : events) {
      records.add(event.to(Topic.AGENT_EVENTS.topicName()));
    }
    send(records);
  }

  void send(List<ProducerRecord<byte[], byte[]>> records) throws Exception {
    List<Future<RecordMetadata>> sent = new ArrayList<>();
    records.forEach(record -> sent.add(producer.send(record)));
    for (Future<RecordMetadata> one : sent) {
      one.get();
    }
  }

  /** The partition of agent-events that is the thread's. */
  TopicPartition home(String thread) {
    return new TopicPartition(
        Topic.AGENT_EVENTS.topicName(), ThreadPartitioner.partition(thread, PARTITIONS));
  }

  /** All that stands in a topic now, partition after partition. */
  List<ConsumerRecord<byte[], byte[]>> read(Topic topic) {
    return read(topic.topicName(), topic.partitions(PARTITIONS));
  }

  List<ConsumerRecord<byte[], byte[]>> read(String topic, int partitions) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", kafka.bootstrapServers());
    settings.put("auto.offset.reset", "none");
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      for (int partition = 0; partition < partitions; partition++) {
        TopicPartition source = new TopicPartition(topic, partition);
        List<TopicPartition> one = List.of(source);
        consumer.assign(one);
        consumer.seekToBeginning(one);
        long end = consumer.endOffsets(one).getOrDefault(source, 0L);
        while (consumer.position(source) < end) {
          consumer.poll(Duration.ofMillis(100)).forEach(records::add);
        }
      }
    }
    return records;
  }

  @Override
  public void close() {
    producer.close();
    admin.close();
    kafka.close();
  }
}
