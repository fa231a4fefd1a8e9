package io.runwire.processor.topology;

import io.runwire.cursor.LogIdentity;
import io.runwire.event.RejectReason;
import io.runwire.processor.AgentEvent;
import io.runwire.topic.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

/** The router's topology on a test driver, which has one partition, number 0, of every topic. */
final class TestRouter implements AutoCloseable, RoutingCounts {
  static final long STAMP = 1_764_000_000_000L;

  final LogIdentity log;
  final List<RejectReason> counted = new ArrayList<>();
  private final TopologyTestDriver driver;
  private final TestInputTopic<byte[], byte[]> agentEvents;

  /**
   * @param partitions that the log is said to have
   */
  TestRouter(int partitions) {
    this(partitions, PayloadSeal.OFF);
  }

  /**
   * @param seal of the values
   */
  TestRouter(int partitions, PayloadSeal seal) {
    log = new LogIdentity(Uuid.randomUuid(), Uuid.randomUuid(), partitions);
    Topology topology = new Topology();
    Router.addTo(topology, log, seal, this);
    Properties settings = new Properties();
    settings.put(StreamsConfig.DEFAULT_TIMESTAMP_EXTRACTOR_CLASS_CONFIG, LogStamp.class.getName());
    driver = new TopologyTestDriver(topology, settings);
    agentEvents =
        driver.createInputTopic(
            Topic.AGENT_EVENTS.topicName(), new ByteArraySerializer(), new ByteArraySerializer());
  }

  void send(AgentEvent... events) {
    for (AgentEvent event : events) {
      send(event.key(), event.headers(), event.value(), STAMP);
    }
  }

  void send(byte @Nullable [] key, Headers headers, byte @Nullable [] value, long stamp) {
    agentEvents.pipeInput(new TestRecord<>(key, value, headers, stamp));
  }

  /** What has arrived in a topic since it was last asked. */
  List<TestRecord<byte[], byte[]>> read(Topic topic) {
    return driver
        .createOutputTopic(
            topic.topicName(), new ByteArrayDeserializer(), new ByteArrayDeserializer())
        .readRecordsToList();
  }

  KeyValueStore<String, byte[]> store() {
    return driver.getKeyValueStore(Router.STORE);
  }

  @Override
  public void accepted() {}

  @Override
  public void rejected(RejectReason reason) {
    counted.add(reason);
  }

  @Override
  public void reentered() {}

  @Override
  public void close() {
    driver.close();
  }
}
