package io.runwire.processor.topology;

import static java.util.stream.Collectors.toSet;

import io.runwire.cursor.LogIdentity;
import io.runwire.event.Envelope;
import io.runwire.event.Envelope.Read;
import io.runwire.event.EnvelopeReader;
import io.runwire.event.RejectReason;
import io.runwire.fold.Fold;
import io.runwire.fold.Verdict;
import io.runwire.processor.AgentEvent;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.api.MockProcessorContext;
import org.apache.kafka.streams.processor.api.MockProcessorContext.CapturedForward;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * One partition of agent-events, the router's processor on it, and what has reached thread-events.
 * A crash takes the processor away; what its successor finds in the store, from where it reads
 * again and what of the output had arrived is up to the test.
 */
final class CrashingRouter {
  private static final LogIdentity LOG = new LogIdentity(Uuid.randomUuid(), Uuid.randomUuid(), 1);

  /** A record of thread-events. */
  @SuppressWarnings("ArrayRecordComponent") // compared by sameBytes
  record Output(byte[] key, Headers headers, byte[] value) {
    Envelope envelope() {
      return ((Read) EnvelopeReader.read(key, headers)).envelope();
    }

    long source() {
      return envelope().src().orElseThrow().offset();
    }

    boolean sameBytes(Output other) {
      return Arrays.equals(key, other.key)
          && Arrays.equals(value, other.value)
          && headers.equals(other.headers);
    }
  }

  /** An event as a reader has it. */
  record Seen(String run, int attempt, long seq) {}

  final List<AgentEvent> source = new ArrayList<>();
  final List<Output> output = new ArrayList<>();
  final List<RejectReason> rejected = new ArrayList<>();

  /** How many records had been sent on when a run's row was written, for each that was. */
  final List<Integer> sentBeforeRows = new ArrayList<>();

  private final Map<Long, Map<String, byte[]>> storeAfter = new HashMap<>();
  private Map<String, byte[]> stored = new TreeMap<>();

  void append(AgentEvent... events) {
    source.addAll(Arrays.asList(events));
  }

  /** Routes a stretch of the source, by a new processor on what is stored. */
  void route(int from, int to) {
    MockProcessorContext<byte[], Outgoing> context = new MockProcessorContext<>();
    KeyValueStore<String, byte[]> store =
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(Router.STORE), Serdes.String(), Serdes.ByteArray())
            .withLoggingDisabled()
            .build();
    store.init(context.getStateStoreContext(), store);
    context.addStateStore(watched(store, () -> sentBeforeRows.add(context.forwarded().size())));
    stored.forEach(store::put);
    RouterProcessor processor = new RouterProcessor(LOG, PayloadSeal.OFF, new Counts());
    processor.init(context);
    sentBeforeRows.clear();
    for (int offset = from; offset < to; offset++) {
      AgentEvent event = source.get(offset);
      context.setRecordMetadata("agent-events", 0, offset);
      processor.process(new Record<>(event.key(), event.value(), 1_000 + offset, event.headers()));
      storeAfter.put((long) offset, copy(store));
    }
    stored = copy(store);
    for (CapturedForward<? extends byte[], ? extends Outgoing> sent : context.forwarded()) {
      if (sent.childName().orElse("").equals(Router.TO_THREAD_EVENTS)) {
        byte[] value = sent.record().value().value();
        output.add(
            new Output(
                sent.record().key(), sent.record().headers(), value == null ? new byte[0] : value));
      }
    }
  }

  /** The successor finds the store as it was after that source offset; −1 for none. */
  void findStoreAsAfter(long offset) {
    stored = offset < 0 ? new TreeMap<>() : storeAfter.getOrDefault(offset, new TreeMap<>());
  }

  /**
   * The successor finds every row as it was at a time of its own, or not at all: what a zombie's
   * writes to the changelog leave behind.
   *
   * @param before source offset behind the last that may have left its traces
   */
  void findStoreAsAfterSome(Random random, int before) {
    Map<String, byte[]> mixed = new TreeMap<>();
    Set<String> keys = new TreeSet<>();
    storeAfter.values().forEach(store -> keys.addAll(store.keySet()));
    for (String key : keys) {
      byte[] row = storeAfter.getOrDefault(random.nextInt(before + 1) - 1L, Map.of()).get(key);
      if (row != null) {
        mixed.put(key, row);
      }
    }
    stored = mixed;
  }

  /** Takes away what had been sent of source offsets from there on, and not acknowledged. */
  List<Output> loseOutputFrom(int outputIndex) {
    List<Output> tail = output.subList(outputIndex, output.size());
    List<Output> lost = new ArrayList<>(tail);
    tail.clear();
    return lost;
  }

  /** What a reader of the thread hands on, from the start of the log. */
  List<Seen> read(String thread) {
    return read(thread, 0);
  }

  /**
   * What a reader hands on that joins behind so many records, and knows nothing but how far agent-
   * events had come until there.
   */
  List<Seen> read(String thread, int from) {
    long floor =
        output.subList(0, from).stream().mapToLong(Output::source).max().orElse(Fold.NO_FLOOR);
    Fold fold = new Fold(Fold.DEFAULT_CAPACITY, floor);
    List<Seen> seen = new ArrayList<>();
    for (Output record : output.subList(from, output.size())) {
      Envelope envelope = record.envelope();
      if (envelope.thread().equals(thread) && fold.apply(envelope) == Verdict.PASS) {
        seen.add(new Seen(envelope.run(), envelope.attempt(), envelope.seq()));
      }
    }
    return seen;
  }

  /** What readers do with the records of thread-events, whatever their thread. */
  Set<Verdict> verdicts() {
    Fold fold = new Fold(Fold.DEFAULT_CAPACITY, Fold.NO_FLOOR);
    return output.stream().map(record -> fold.apply(record.envelope())).collect(toSet());
  }

  /** The store, which tells of every row before it is written. */
  private static StateStore watched(KeyValueStore<String, byte[]> store, Runnable onPut) {
    return (StateStore)
        Proxy.newProxyInstance(
            KeyValueStore.class.getClassLoader(),
            new Class<?>[] {KeyValueStore.class},
            (proxy, method, args) -> {
              if (method.getName().equals("put")) {
                onPut.run();
              }
              return method.invoke(store, args);
            });
  }

  private static Map<String, byte[]> copy(KeyValueStore<String, byte[]> store) {
    Map<String, byte[]> copy = new TreeMap<>();
    try (KeyValueIterator<String, byte[]> all = store.all()) {
      all.forEachRemaining(row -> copy.put(row.key, row.value));
    }
    return copy;
  }

  private final class Counts implements RoutingCounts {
    @Override
    public void accepted() {}

    @Override
    public void rejected(RejectReason reason) {
      rejected.add(reason);
    }

    @Override
    public void reentered() {}
  }
}
