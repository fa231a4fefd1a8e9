package io.runwire.processor.ledger;

import io.runwire.processor.ledger.Ledger.Runs;
import io.runwire.processor.ledger.RunIndex.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** Looks for runs in the stores of some partitions, by their index. Belongs to one request. */
final class RunSearch {
  /** Rows that one question may look at: less than half a second, where none of them matches. */
  static final int MOST_LOOKED_AT = 20_000;

  private final IntFunction<ReadOnlyKeyValueStore<String, byte[]>> stores;
  private final int mostLookedAt;

  /**
   * @param stores of each partition
   * @param mostLookedAt rows; where there are more, the answer is partial
   */
  RunSearch(IntFunction<ReadOnlyKeyValueStore<String, byte[]>> stores, int mostLookedAt) {
    this.stores = stores;
    this.mostLookedAt = mostLookedAt;
  }

  /** The newest runs, by the narrowest index that there is. */
  Runs newest(Set<Integer> partitions, RunFilter wanted) {
    return find(
        partitions,
        prefixes(
            wanted,
            status ->
                wanted
                    .agent()
                    .map(name -> LedgerKeys.agentWith(name, status))
                    .orElseGet(() -> LedgerKeys.allWith(status))),
        wanted);
  }

  /** The newest runs of a thread, which lies in one partition. */
  List<LedgerRow> newestOf(String thread, int partition, RunFilter wanted) {
    return find(
            Set.of(partition),
            prefixes(wanted, status -> LedgerKeys.threadWith(thread, status)),
            wanted)
        .runs();
  }

  private static List<String> prefixes(RunFilter wanted, Function<RunStatus, String> prefix) {
    return wanted.statuses().stream().sorted().map(prefix).toList();
  }

  /**
   * Reads the index in the order of the statuses, RUNNING first. A run that moves on meanwhile may
   * be met twice, hence {@code seen}; it can be missed only if it came back to RUNNING, by an
   * attempt that began after this did.
   */
  private Runs find(Set<Integer> partitions, List<String> prefixes, RunFilter wanted) {
    List<LedgerRow> rows = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    try (RunIndex index = new RunIndex()) {
      prefixes.forEach(prefix -> open(index, partitions, prefix, wanted));
      for (int n = 0; n < mostLookedAt && rows.size() < wanted.limit() && index.hasNext(); n++) {
        Entry entry = index.next();
        byte[] json = stores.apply(entry.partition()).get(LedgerKeys.row(entry.run()));
        if (json != null) {
          LedgerRow row = LedgerRow.decode(json);
          if (wanted.matches(row) && seen.add(row.run())) {
            rows.add(row);
          }
        }
      }
      return new Runs(rows, rows.size() < wanted.limit() && index.hasNext());
    }
  }

  private void open(RunIndex index, Set<Integer> partitions, String prefix, RunFilter wanted) {
    String from = LedgerKeys.from(prefix, wanted.untilMs());
    String upTo = LedgerKeys.upTo(prefix, wanted.sinceMs());
    if (from.compareTo(upTo) < 0) {
      for (int partition : partitions) {
        index.add(partition, prefix, stores.apply(partition).range(from, upTo));
      }
    }
  }
}
