package io.runwire.processor.ledger;

import io.runwire.cursor.LogIdentity;
import io.runwire.event.AgentName;
import io.runwire.event.Envelope;
import io.runwire.event.Envelope.Read;
import io.runwire.event.EnvelopeReader;
import io.runwire.event.EventHeaders;
import io.runwire.event.EventType;
import io.runwire.fold.Verdict;
import io.runwire.processor.ledger.LedgerFold.Outcome;
import io.runwire.processor.ledger.LedgerFold.Place;
import io.runwire.processor.topology.Incarnation;
import io.runwire.processor.topology.Sweep;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Folds thread-events into the store, hands every changed row on to whoever follows it, and tells
 * run-ledger, at least once, whenever a run's status or attempt has changed. Belongs to a stream
 * thread.
 */
final class LedgerProcessor implements Processor<byte[], byte[], String, LedgerRow> {
  private static final Duration SWEEP_EVERY = Duration.ofSeconds(10);

  private final LogIdentity log;
  private final LedgerCounts counts;
  private final Duration retention;

  // Kafka Streams calls init first.
  @SuppressWarnings("NullAway.Init")
  private ProcessorContext<String, LedgerRow> context;

  @SuppressWarnings("NullAway.Init")
  private KeyValueStore<String, byte[]> store;

  LedgerProcessor(LogIdentity log, LedgerCounts counts, Duration retention) {
    this.log = log;
    this.counts = counts;
    this.retention = retention;
  }

  @Override
  public void init(ProcessorContext<String, LedgerRow> context) {
    this.context = context;
    this.store = context.getStateStore(LedgerTopology.STORE);
    Incarnation.tie(store, Topic.THREAD_EVENTS.topicName(), log.threadEvents());
    Sweep sweep = new Sweep(store);
    // Not by the records' time: one stamp from the future would empty the ledger.
    context.schedule(
        SWEEP_EVERY,
        PunctuationType.WALL_CLOCK_TIME,
        nowMs -> sweep.slice((key, value) -> forgetIfOld(key, value, nowMs)));
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    RecordMetadata at = context.recordMetadata().orElseThrow();
    long sourceOffset = -1;
    if (EnvelopeReader.read(record.key(), record.headers()) instanceof Read read
        && record.value() != null) {
      sourceOffset = LedgerFold.sourceOffset(read.envelope());
      fold(read.envelope(), record, at);
    } else {
      counts.unreadable();
    }
    moveOn(at.offset(), sourceOffset);
  }

  private void fold(Envelope event, Record<byte[], byte[]> record, RecordMetadata at) {
    LedgerRow before = row(event.run());
    if (before != null && !before.thread().equals(event.thread())) {
      counts.unreadable();
      return;
    }
    Outcome outcome =
        LedgerFold.apply(
            before,
            event,
            event.type() == EventType.RUN_STARTED
                ? AgentName.of(record.headers())
                : Optional.empty(),
            () -> failure(record),
            new Place(at.partition(), at.offset(), record.timestamp()));
    if (outcome.verdict() == Verdict.PASS) {
      replace(before, outcome.row(), record.timestamp());
    } else if (outcome.row().lastOffset() == at.offset()) {
      // The record that the row ends with, replayed after a crash: the row was kept, but what it
      // told run-ledger may have been lost.
      context.forward(
          new Record<>(event.run(), outcome.row(), record.timestamp()),
          LedgerTopology.TO_RUN_LEDGER);
    }
    counts.folded(outcome.verdict());
  }

  private static RunFailure failure(Record<byte[], byte[]> record) {
    Headers headers = record.headers();
    return headers.lastHeader(EventHeaders.SEALED) == null
        ? RunFailure.of(record.value())
        : RunFailure.sealed(headers.lastHeader(EventHeaders.ERROR_CODE));
  }

  /**
   * The index goes first: as long as the row has not moved on, the record that moves it will be
   * folded again after a crash, and mends the index.
   */
  private void replace(@Nullable LedgerRow before, LedgerRow after, long timestampMs) {
    List<String> entries = LedgerKeys.index(after);
    List<String> was = before == null ? List.of() : LedgerKeys.index(before);
    boolean moves = !entries.equals(was);
    if (moves) {
      entries.forEach(entry -> store.put(entry, new byte[0]));
      was.stream().filter(entry -> !entries.contains(entry)).forEach(store::delete);
    }
    store.put(LedgerKeys.row(after.run()), after.encode());
    Record<String, LedgerRow> row = new Record<>(after.run(), after, timestampMs);
    context.forward(row, LedgerTopology.FOLLOWER);
    if (moves || before == null || before.attempt() != after.attempt()) {
      context.forward(row, LedgerTopology.TO_RUN_LEDGER);
    }
  }

  private void moveOn(long offset, long sourceOffset) {
    byte[] stored = store.get(LedgerKeys.POSITION);
    LedgerPosition position = stored == null ? LedgerPosition.START : LedgerPosition.decode(stored);
    store.put(LedgerKeys.POSITION, position.behind(offset, sourceOffset).encode());
  }

  private @Nullable LedgerRow row(String run) {
    byte[] json = store.get(LedgerKeys.row(run));
    return json == null ? null : LedgerRow.decode(json);
  }

  private void forgetIfOld(String key, byte[] value, long nowMs) {
    if (!LedgerKeys.isRow(key)) {
      return;
    }
    LedgerRow row = LedgerRow.decode(value);
    if (row.startedAt() < nowMs - retention.toMillis()) {
      store.delete(LedgerKeys.row(row.run()));
      LedgerKeys.index(row).forEach(store::delete);
      context.forward(new Record<>(row.run(), null, nowMs), LedgerTopology.TO_RUN_LEDGER);
    }
  }
}
