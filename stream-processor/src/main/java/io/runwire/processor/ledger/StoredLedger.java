package io.runwire.processor.ledger;

import io.runwire.topic.ThreadPartitioner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Some partitions of the ledger, as the stores of this process hold them: all of them or none. */
public final class StoredLedger implements Ledger {
  private final KafkaStreams streams;
  private final int partitions;
  private final Set<Integer> ours;
  private final RunSearch search = new RunSearch(this::store, RunSearch.MOST_LOOKED_AT);

  /**
   * @param partitions of the log
   * @param ours those to read
   */
  public StoredLedger(KafkaStreams streams, int partitions, Set<Integer> ours) {
    this.streams = streams;
    this.partitions = partitions;
    this.ours = Set.copyOf(ours);
  }

  @Override
  public Optional<LedgerRow> run(String run) {
    return whileAvailable(
        () ->
            values(ours, LedgerKeys.row(run)).stream()
                .map(LedgerRow::decode)
                .max(Comparator.comparingLong(LedgerRow::startedAt)));
  }

  @Override
  public Runs runs(RunFilter wanted) {
    return whileAvailable(() -> search.newest(ours, wanted));
  }

  @Override
  public ThreadRuns runsOf(String thread, RunFilter wanted) {
    int home = ThreadPartitioner.partition(thread, partitions);
    return whileAvailable(
        () -> {
          LedgerPosition position =
              values(Set.of(home), LedgerKeys.POSITION).stream()
                  .map(LedgerPosition::decode)
                  .findFirst()
                  .orElse(LedgerPosition.START);
          return new ThreadRuns(position, search.newestOf(thread, home, wanted));
        });
  }

  /** The values under the key, of the partitions that have one. */
  private List<byte[]> values(Set<Integer> where, String key) {
    List<byte[]> values = new ArrayList<>();
    for (int partition : where) {
      byte[] value = store(partition).get(key);
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  /**
   * The active store of a partition. Not by {@code KafkaStreams.query}: in Kafka 4.3 that locks the
   * store's position and then the store, a write locks them the other way round, and the two can
   * stand in each other's way for ever, the router's thread with them.
   *
   * @throws InvalidStateStoreException if it is not here, or not to be read now
   */
  private ReadOnlyKeyValueStore<String, byte[]> store(int partition) {
    try {
      return streams.store(
          StoreQueryParameters.fromNameAndType(
                  LedgerTopology.STORE, QueryableStoreTypes.<String, byte[]>keyValueStore())
              .withPartition(partition));
    } catch (IllegalStateException closing) { // so says Kafka Streams where it no longer runs
      throw new InvalidStateStoreException(closing);
    }
  }

  private static <T> T whileAvailable(Supplier<T> question) {
    try {
      return question.get();
    } catch (InvalidStateStoreException notNow) { // not started, moving, stopped
      throw new LedgerUnavailableException(String.valueOf(notNow.getMessage()), notNow);
    }
  }
}
