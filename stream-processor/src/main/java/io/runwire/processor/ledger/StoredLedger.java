package io.runwire.processor.ledger;

import io.runwire.processor.ledger.RunIndex.Entry;
import io.runwire.topic.ThreadPartitioner;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.query.KeyQuery;
import org.apache.kafka.streams.query.Query;
import org.apache.kafka.streams.query.QueryResult;
import org.apache.kafka.streams.query.RangeQuery;
import org.apache.kafka.streams.query.StateQueryRequest;
import org.apache.kafka.streams.state.KeyValueIterator;

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
    Map<Integer, QueryResult<KeyValueIterator<String, byte[]>>> answers =
        ask(where, RangeQuery.withRange(prefix, LedgerKeys.behind(prefix)));
    // All that were opened are to be closed, also if another one failed.
    answers.forEach(
        (partition, answer) -> {
          if (answer.isSuccess()) {
            index.add(partition, prefix, answer.getResult());
          }
        });
    requireAll(where, answers);
  }

  /** The values under the key, of the partitions that have one. */
  private List<byte[]> values(Set<Integer> where, String key) {
    Map<Integer, QueryResult<byte[]>> answers = ask(where, KeyQuery.withKey(key));
    requireAll(where, answers);
    List<byte[]> values = new ArrayList<>();
    for (QueryResult<byte[]> answer : answers.values()) {
      byte[] value = answer.getResult();
      if (value != null) {
        values.add(value);
      }
    }
    return values;
  }

  private <R> Map<Integer, QueryResult<R>> ask(Set<Integer> where, Query<R> query) {
    return streams
        .query(
            StateQueryRequest.inStore(LedgerTopology.STORE)
                .withQuery(query)
                .withPartitions(where)
                .requireActive())
        .getPartitionResults();
  }

  private static <R> void requireAll(Set<Integer> where, Map<Integer, QueryResult<R>> answers) {
    for (Integer partition : where) {
      QueryResult<R> answer = answers.get(partition);
      if (answer == null || answer.isFailure()) {
        throw new LedgerUnavailableException(
            "partition "
                + partition
                + ": "
                + (answer == null ? "not here" : answer.getFailureReason().name()),
            null);
      }
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
