package io.runwire.loadtest.fault;

import io.runwire.loadtest.process.Await;
import io.runwire.loadtest.process.Edge;
import io.runwire.loadtest.process.Fleet;
import io.runwire.loadtest.process.RunwireSystem;
import io.runwire.loadtest.process.Traffic;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;

/** What stands in the topics is odd, or goes away. */
final class LogFaults {
  private static final String THREAD_EVENTS = Topic.THREAD_EVENTS.topicName();
  private static final String AGENT_EVENTS = Topic.AGENT_EVENTS.topicName();
  private static final String LEDGERS = "runwire-processor-ledger"; // their consumer group
  private static final Duration DELETED_WITHIN = Duration.ofSeconds(30);

  static final List<Fault> ALL =
      List.of(
          Fault.whole(
              26,
              "producer repeats",
              "records that were acknowledged are appended to agent-events again, same bytes",
              10,
              (system, random) -> Echo.repeats(system, random)),
          Fault.whole(
              27,
              "poison",
              "damaged copies of records are appended to agent-events, among the good ones",
              10,
              (system, random) -> Echo.poison(system, random)),
          Fault.loud(
              28,
              "records deleted",
              "what the ledger has read of thread-events is deleted, under live clients and under cursors"
                  + " that will resume",
              3,
              (system, random) -> deleted(system)),
          Fault.loud(
              29,
              "topic created again",
              "thread-events is deleted and created again under the same name",
              5,
              (system, random) -> createdAgain(system)),
          Fault.loud(
              30,
              "partitions added",
              "agent-events and thread-events get one more partition, and agents begin to use it",
              15,
              (system, random) -> grown(system)));

  private LogFaults() {}

  /**
   * Clients of one edge stand still meanwhile, so that they come back with cursors too old. What
   * the ledger has not read is left to it: without, the routers would halt, and rightly so.
   */
  private static Fault.Damage deleted(RunwireSystem system) throws Exception {
    Edge edge = system.busiestEdge();
    edge.clients().set(Traffic.CUT);
    Admin admin = system.kafka().admin();
    Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
    admin
        .listConsumerGroupOffsets(LEDGERS)
        .partitionsToOffsetAndMetadata()
        .get()
        .forEach(
            (partition, read) -> all.put(partition, RecordsToDelete.beforeOffset(read.offset())));
    admin.deleteRecords(all).all().get();
    return () -> {
      edge.clients().reset();
      edge.clients().set(Traffic.FREE);
    };
  }

  private static Fault.Damage createdAgain(RunwireSystem system) throws Exception {
    Admin admin = system.kafka().admin();
    admin.deleteTopics(List.of(THREAD_EVENTS)).all().get();
    Await.until(
        THREAD_EVENTS + " deleted",
        DELETED_WITHIN,
        () -> !admin.listTopics().names().get().contains(THREAD_EVENTS));
    admin
        .createTopics(
            List.of(
                Topic.THREAD_EVENTS.create(
                    system.layout().partitions(), system.kafka().replicationFactor())))
        .all()
        .get();
    return () -> {};
  }

  private static Fault.Damage grown(RunwireSystem system) throws Exception {
    NewPartitions more = NewPartitions.increaseTo(system.layout().partitions() + 1);
    system
        .kafka()
        .admin()
        .createPartitions(Map.of(AGENT_EVENTS, more, THREAD_EVENTS, more))
        .all()
        .get();
    // A producer that runs would not hear of it for minutes.
    Fleet agents = system.agents().get(0);
    agents.stop();
    agents.start();
    return () -> {};
  }
}
