package io.runwire.processor.topology;

import io.runwire.cursor.LogIdentity;
import io.runwire.topic.Topic;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.apache.kafka.streams.state.Stores;

/** The sub-topology that routes: its source, its store, its three sinks. */
public final class Router {
  /** What the router remembers of the runs, by run. */
  public static final String STORE = "router-runs";

  static final String TO_THREAD_EVENTS = "to-thread-events";
  static final String TO_REJECTED_EVENTS = "to-rejected-events";
  static final String TO_AGENT_EVENTS = "to-agent-events";

  private static final String SOURCE = "from-agent-events";
  private static final String ROUTER = "router";

  private Router() {}

  /** Adds the router to a topology. */
  public static void addTo(
      Topology topology, LogIdentity log, PayloadSeal seal, RoutingCounts counts) {
    topology
        .addSource(
            SOURCE,
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer(),
            Topic.AGENT_EVENTS.topicName())
        .addProcessor(ROUTER, () -> new RouterProcessor(log, seal, counts), SOURCE)
        .addStateStore(
            Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(STORE), Serdes.String(), Serdes.ByteArray())
                .withCachingEnabled(),
            ROUTER);
    addSink(topology, TO_THREAD_EVENTS, Topic.THREAD_EVENTS, Outgoing.EXACTLY);
    addSink(topology, TO_REJECTED_EVENTS, Topic.REJECTED_EVENTS, Outgoing.FOLDED);
    addSink(topology, TO_AGENT_EVENTS, Topic.AGENT_EVENTS, Outgoing.EXACTLY);
  }

  private static void addSink(
      Topology topology, String name, Topic topic, StreamPartitioner<byte[], Outgoing> where) {
    topology.addSink(
        name, topic.topicName(), new ByteArraySerializer(), Outgoing.SERIALIZER, where, ROUTER);
  }
}
