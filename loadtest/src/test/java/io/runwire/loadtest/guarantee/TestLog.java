package io.runwire.loadtest.guarantee;

import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;
import io.runwire.fold.Fold;
import io.runwire.loadtest.journal.Logged;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;

/** A partition of thread-events. */
final class TestLog {
  static final LogIdentity IDENTITY = new LogIdentity(new Uuid(0, 1), new Uuid(0, 2), 2);

  /** A record with the offset in agent-events that it was routed from. */
  record Stored(Source event, long source) {}

  final int partition;

  /** By offset. */
  final List<Stored> records = new ArrayList<>();

  TestLog(int partition) {
    this.partition = partition;
  }

  /** The position behind all records below that offset. */
  static String cursor(int partition, long offset, long source, String thread) {
    return new Cursor(IDENTITY, partition, offset, 0, source, Cursor.hash(thread)).encode();
  }

  /** The highest source offset of the records below that one. */
  long floor(int offset) {
    return records.subList(0, offset).stream().mapToLong(Stored::source).max().orElse(-1);
  }

  /** Its records as the dump has them. */
  Stream<Logged> dump() {
    Map<String, Fold> folds = new HashMap<>();
    return IntStream.range(0, records.size()).mapToObj(offset -> dump(offset, folds));
  }

  private Logged dump(int offset, Map<String, Fold> folds) {
    Stored stored = records.get(offset);
    Source event = stored.event();
    Fold fold =
        folds.computeIfAbsent(event.thread(), t -> new Fold(Fold.DEFAULT_CAPACITY, Fold.NO_FLOOR));
    return new Logged(
        event.ms(),
        partition,
        offset,
        stored.source(),
        event.thread(),
        event.run(),
        event.attempt(),
        event.seq(),
        event.ends(),
        event.hash(),
        event.origin(),
        fold.apply(event.envelope(partition, stored.source())));
  }
}
