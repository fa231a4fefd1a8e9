package io.runwire.processor.ledger;

import io.runwire.processor.ledger.RunIndex.Entry;
import io.runwire.topic.ThreadPartitioner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
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
  public Runs runs(Set<RunStatus> statuses, int limit) {
    List<String> prefixes = statuses.stream().sorted().map(LedgerKeys::allWith).toList();
    return whileAvailable(() -> new Runs(newest(ours, prefixes, statuses, limit), false));
  }

  @Override
  public ThreadRuns runsOf(String thread, Set<RunStatus> statuses, int limit) {
    Set<Integer> home = Set.of(ThreadPartitioner.partition(thread, partitions));
    List<String> prefixes =
        statuses.stream().sorted().map(status -> LedgerKeys.threadWith(thread, status)).toList();
    return whileAvailable(
        () -> {
          LedgerPosition position =
              values(home, LedgerKeys.POSITION).stream()
                  .map(LedgerPosition::decode)
                  .findFirst()
                  .orElse(LedgerPosition.START);
          return new ThreadRuns(position, newest(home, prefixes, statuses, limit));
        });
  }

  /**
   * Reads the index in the order of the statuses, RUNNING first. A run that moves on meanwhile may
   * be met twice, hence {@code seen}; it can be missed only if it came back to RUNNING, by an
   * attempt that began after this did.
   */
  private List<LedgerRow> newest(
      Set<Integer> where, List<String> prefixes, Set<RunStatus> statuses, int limit) {
    List<LedgerRow> rows = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    try (RunIndex index = new RunIndex()) {
      for (String prefix : prefixes) {
        open(index, where, prefix);
      }
      while (rows.size() < limit && index.hasNext()) {
        Entry entry = index.next();
        values(Set.of(entry.partition()), LedgerKeys.row(entry.run())).stream()
            .map(LedgerRow::decode)
            .filter(row -> statuses.contains(row.status()) && seen.add(row.run()))
            .forEach(rows::add);
      }
    }
    return rows;
  }

  private void open(RunIndex index, Set<Integer> where, String prefix) {
    for (int partition : where) {
      index.add(partition, prefix, store(partition).range(prefix, LedgerKeys.behind(prefix)));
    }
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
    return streams.store(
        StoreQueryParameters.fromNameAndType(
                LedgerTopology.STORE, QueryableStoreTypes.<String, byte[]>keyValueStore())
            .withPartition(partition));
  }

  private static <T> T whileAvailable(Supplier<T> question) {
    try {
      return question.get();
    } catch (InvalidStateStoreException notNow) { // not started, moving, stopped
      throw new LedgerUnavailableException(String.valueOf(notNow.getMessage()), notNow);
    }
  }
}
