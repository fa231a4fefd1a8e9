package io.runwire.processor.ledger;

import io.runwire.cursor.LogIdentity;
import io.runwire.topic.Topic;
import java.time.Duration;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.Stores;

/** The sub-topology that keeps the ledger: its source, its store, its sink. */
public final class LedgerTopology {
  /** Rows, index and position; see {@link LedgerKeys}. */
  public static final String STORE = "ledger";

  /** The processor that keeps the ledger: the parent of whatever follows its rows. */
  public static final String LEDGER = "ledger";

  /** The processor that gets every row when it has changed; whoever adds the ledger adds it. */
  public static final String FOLLOWER = "watchdog";

  static final String TO_RUN_LEDGER = "to-run-ledger";

  private static final String SOURCE = "from-thread-events";
  private static final Serializer<LedgerRow> ROWS =
      (topic, row) -> row == null ? null : row.encode();

  private LedgerTopology() {}

  /**
   * Adds the ledger to a topology.
   *
   * @param retention for how long after its start a run stays in it
   */
  public static void addTo(
      Topology topology, LogIdentity log, LedgerCounts counts, Duration retention) {
    topology
        .addSource(
            SOURCE,
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer(),
            Topic.THREAD_EVENTS.topicName())
        .addProcessor(LEDGER, () -> new LedgerProcessor(log, counts, retention), SOURCE)
        .addStateStore(
            Stores.keyValueStoreBuilder(
                    new ForwardRestore(Stores.persistentKeyValueStore(STORE)),
                    Serdes.String(),
                    Serdes.ByteArray())
                .withCachingEnabled(),
            LEDGER)
        .addSink(TO_RUN_LEDGER, Topic.RUN_LEDGER.topicName(), new StringSerializer(), ROWS, LEDGER);
  }
}
