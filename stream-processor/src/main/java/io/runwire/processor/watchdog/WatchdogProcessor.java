package io.runwire.processor.watchdog;

import io.runwire.processor.ledger.LedgerRow;
import io.runwire.processor.ledger.LedgerStore;
import io.runwire.processor.watchdog.RoutedUpTo.Horizon;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the runs of a partition, by the rows that the ledger hands on. Belongs to a stream
 * thread.
 *
 * <p>Once a second it asks up to when everything is routed, and looks whether the ledger has read
 * as far: then whoever has not been heard of until then was silent. Where that time has not moved
 * on for more than {@link #LONGEST_GAP}, all timers begin anew, since agents whose Kafka was away
 * are silent for no fault of theirs.
 */
final class WatchdogProcessor implements Processor<String, LedgerRow, byte[], byte[]> {
  /** Between two looks; longer, and the timers begin anew. */
  static final Duration LONGEST_GAP = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(WatchdogProcessor.class);
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
  private static final int LOOK_AT_MOST = 2_000; // some milliseconds

  private final RoutedUpTo routed;
  private final WatchdogCounts counts;
  private final LongSupplier clockMs;
  private final Watchlist runs;
  private long lastMs;

  // Kafka Streams calls init first.
  @SuppressWarnings("NullAway.Init")
  private ProcessorContext<byte[], byte[]> context;

  @SuppressWarnings("NullAway.Init")
  private LedgerStore ledger;

  @SuppressWarnings("NullAway.Init")
  private LedgerStore.OpenRuns before;

  WatchdogProcessor(
      WatchdogSettings settings, RoutedUpTo routed, WatchdogCounts counts, LongSupplier clockMs) {
    this.routed = routed;
    this.counts = counts;
    this.clockMs = clockMs;
    this.runs = new Watchlist(settings);
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    this.context = context;
    ledger = new LedgerStore(context);
    before = ledger.openRuns();
    lastMs = clockMs.getAsLong();
    context.schedule(LOOK_EVERY, PunctuationType.WALL_CLOCK_TIME, nowMs -> look());
  }

  @Override
  public void process(Record<String, LedgerRow> record) {
    runs.heard(record.value(), clockMs.getAsLong());
  }

  private void look() {
    before.slice(
        row -> {
          if (!runs.has(row.run())) {
            runs.heard(row, clockMs.getAsLong());
          }
        });
    routed
        .of(partition())
        .filter(horizon -> horizon.atMs() > lastMs && ledger.position().next() >= horizon.end())
        .ifPresent(this::advance);
    counts.watching(partition(), runs.size(), runs.overdue(clockMs.getAsLong()));
  }

  private void advance(Horizon horizon) {
    if (horizon.atMs() - lastMs > LONGEST_GAP.toMillis()) {
      runs.restart(horizon.atMs());
      counts.restarted();
    }
    lastMs = horizon.atMs();
    runs.due(horizon.atMs(), LOOK_AT_MOST).forEach(this::end);
  }

  private void end(RunEnd end) {
    LOG.info(
        "run {} of thread {}: {}, attempt {} seq {}",
        end.run().run(),
        end.run().thread(),
        end.code(),
        end.attempt(),
        end.seq());
    context.forward(
        new Record<>(end.key(), end.value(), context.currentSystemTimeMs(), end.headers()));
    counts.ended(end.code());
  }

  private int partition() {
    return context.taskId().partition();
  }

  @Override
  public void close() {
    counts.released(partition());
  }
}
