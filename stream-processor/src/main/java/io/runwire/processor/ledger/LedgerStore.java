package io.runwire.processor.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The ledger of one partition, read from within its task. Belongs to the stream thread. */
public final class LedgerStore {
  private static final int SLICE = 1_000; // a few milliseconds

  private final KeyValueStore<String, byte[]> store;

  /**
   * @param context of a processor that is connected to the ledger's store
   */
  public LedgerStore(ProcessingContext context) {
    this(context.<KeyValueStore<String, byte[]>>getStateStore(LedgerTopology.STORE));
  }

  LedgerStore(KeyValueStore<String, byte[]> store) {
    this.store = store;
  }

  /** How far the ledger has read. */
  public LedgerPosition position() {
    byte[] stored = store.get(LedgerKeys.POSITION);
    return stored == null ? LedgerPosition.START : LedgerPosition.decode(stored);
  }

  /** The runs that are open now, and none that begins later. */
  public OpenRuns openRuns() {
    return new OpenRuns();
  }

  /** A walk through the open runs, a slice at a time. */
  public final class OpenRuns {
    private final List<String> prefixes =
        new ArrayList<>(
            List.of(LedgerKeys.allWith(RunStatus.RUNNING), LedgerKeys.allWith(RunStatus.RETRYING)));
    private String next = prefixes.get(0);

    private OpenRuns() {}

    /** Shows the next runs to a visitor; none when all were shown. */
    public void slice(Consumer<LedgerRow> visitor) {
      if (prefixes.isEmpty()) {
        return;
      }
      String prefix = prefixes.get(0);
      List<String> runs = new ArrayList<>();
      try (KeyValueIterator<String, byte[]> rest = store.range(next, LedgerKeys.behind(prefix))) {
        while (rest.hasNext() && runs.size() < SLICE) {
          runs.add(LedgerKeys.runOf(rest.next().key.substring(prefix.length())));
        }
        if (rest.hasNext()) {
          next = rest.peekNextKey();
        } else {
          prefixes.remove(0);
          next = prefixes.isEmpty() ? "" : prefixes.get(0);
        }
      }
      for (String run : runs) {
        byte[] row = store.get(LedgerKeys.row(run));
        if (row != null) {
          visitor.accept(LedgerRow.decode(row));
        }
      }
    }
  }
}
