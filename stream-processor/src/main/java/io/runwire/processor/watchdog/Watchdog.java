package io.runwire.processor.watchdog;

import io.runwire.cursor.LogIdentity;
import io.runwire.processor.ledger.LedgerTopology;
import io.runwire.topic.ThreadPartitioner;
import io.runwire.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.StreamPartitioner;

/** The part of the ledger's sub-topology that watches its rows, and writes to agent-events. */
public final class Watchdog {
  private static final String SINK = "watchdog-to-agent-events";

  private Watchdog() {}

  /**
   * Adds the watchdog to a topology that has the ledger.
   *
   * @param clockMs the clock of {@code routed}, which never steps
   */
  public static void addTo(
      Topology topology,
      LogIdentity log,
      WatchdogSettings settings,
      RoutedUpTo routed,
      WatchdogCounts counts,
      LongSupplier clockMs) {
    StreamPartitioner<byte[], byte[]> home =
        (topic, thread, value, partitions) ->
            Optional.of(
                Set.of(
                    ThreadPartitioner.partition(
                        new String(thread, StandardCharsets.UTF_8), log.partitions())));
    topology
        .addProcessor(
            LedgerTopology.FOLLOWER,
            () -> new WatchdogProcessor(settings, routed, counts, clockMs),
            LedgerTopology.LEDGER)
        .connectProcessorAndStateStores(LedgerTopology.FOLLOWER, LedgerTopology.STORE)
        .addSink(
            SINK,
            Topic.AGENT_EVENTS.topicName(),
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            home,
            LedgerTopology.FOLLOWER);
  }
}
