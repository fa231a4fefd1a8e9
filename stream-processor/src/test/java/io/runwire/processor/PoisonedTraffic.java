package io.runwire.processor;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runwire.event.EventHeaders;
import io.runwire.event.EventValue;
import io.runwire.event.RejectReason;
import io.runwire.topic.ThreadPartitioner;
import io.runwire.topic.Topic;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Traffic of many runs, and somewhere in the midst of it every kind of broken record, marked with
 * its kind. Each stands right behind an event of a healthy run.
 */
final class PoisonedTraffic {
  /** The header by which a broken record is known again. */
  static final String KIND = "kind";

  private static final String AGENT_EVENTS = Topic.AGENT_EVENTS.topicName();
  private static final int THREADS = 8;
  private static final int RUNS = 50;
  private static final int EVENTS = 36;

  /** A broken record as it is made of the healthy event in front of it. */
  private record Kind(
      String name,
      RejectReason reason,
      BiFunction<AgentEvent, Random, ProducerRecord<byte[], byte[]>> made) {}

  private final List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
  private final Map<String, List<byte[]>> healthy = new LinkedHashMap<>();
  private final Map<String, RejectReason> poison = new LinkedHashMap<>();
  private final int partitions;
  private final Random random;

  PoisonedTraffic(int partitions, Random random) {
    this.partitions = partitions;
    this.random = random;
    List<Deque<AgentEvent>> runs = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      runs.add(run("poisoned." + i % THREADS, "run-" + i));
    }
    Deque<Kind> kinds = new ArrayDeque<>(kinds().toList());
    int everySo = RUNS * EVENTS / (kinds.size() + 1);
    int sent = 0;
    while (!runs.isEmpty()) {
      Deque<AgentEvent> run = runs.get(random.nextInt(runs.size()));
      AgentEvent event = run.removeFirst();
      send(event);
      if (++sent % everySo == 0 && !kinds.isEmpty()) {
        send(kinds.removeFirst(), event);
      }
      runs.removeIf(Deque::isEmpty);
    }
    afterItsEnd();
    ofAnOldAttempt();
  }

  /** In the order of sending. */
  List<ProducerRecord<byte[], byte[]>> records() {
    return records;
  }

  /** The values of every healthy run, in order. */
  Map<String, List<byte[]>> healthy() {
    return healthy;
  }

  /** Why each kind of broken record is to be rejected. */
  Map<String, RejectReason> poison() {
    return poison;
  }

  private static Deque<AgentEvent> run(String thread, String run) {
    Deque<AgentEvent> events = new ArrayDeque<>();
    events.add(AgentEvent.started(thread, run, 1));
    while (events.size() < EVENTS - 1) {
      events.add(AgentEvent.content(thread, run, 1, events.size() + 1));
    }
    events.add(AgentEvent.finished(thread, run, 1, EVENTS));
    return events;
  }

  private void send(AgentEvent event) {
    records.add(event.to(AGENT_EVENTS));
    healthy.computeIfAbsent(event.run(), r -> new ArrayList<>()).add(event.value());
  }

  private void send(Kind kind, AgentEvent behind) {
    ProducerRecord<byte[], byte[]> record = kind.made.apply(behind, random);
    record.headers().add(KIND, kind.name.getBytes(UTF_8));
    records.add(record);
    poison.put(kind.name, kind.reason);
  }

  private void afterItsEnd() {
    send(AgentEvent.started("poisoned.0", "ended", 1));
    send(AgentEvent.finished("poisoned.0", "ended", 1, 2));
    send(
        new Kind("after the terminal event", RejectReason.AFTER_TERMINAL, (end, r) -> next(end, 1)),
        AgentEvent.finished("poisoned.0", "ended", 1, 2));
  }

  private void ofAnOldAttempt() {
    AgentEvent old = AgentEvent.started("poisoned.1", "restarted", 1);
    send(old);
    send(AgentEvent.started("poisoned.1", "restarted", 2));
    send(new Kind("old attempt", RejectReason.FENCED_ATTEMPT, (e, r) -> next(e, 1)), old);
    send(AgentEvent.finished("poisoned.1", "restarted", 2, 2));
  }

  private Stream<Kind> kinds() {
    return Stream.of(
        new Kind("null key", RejectReason.MISSING_HEADER, (e, r) -> keyed(null, e)),
        new Kind("key is no id", RejectReason.MALFORMED_HEADER, (e, r) -> keyed(bytes(r, 30), e)),
        valued("null value", RejectReason.MALFORMED_JSON, (e, r) -> null),
        valued("random bytes", RejectReason.MALFORMED_JSON, (e, r) -> bytes(r, 300)),
        valued(
            "truncated JSON",
            RejectReason.MALFORMED_JSON,
            (e, r) -> Arrays.copyOf(e.value(), e.value().length / 2)),
        valued("over 1 MiB", RejectReason.TOO_LARGE, (e, r) -> json(EventValue.MAX_BYTES + 1)),
        valued(
            "another type inside",
            RejectReason.TYPE_MISMATCH,
            (e, r) -> utf8("{\"type\":\"RAW\"}")),
        headed("unknown type", RejectReason.UNKNOWN_TYPE, set(EventHeaders.TYPE, "THINKING_START")),
        headed("seq 0", RejectReason.MALFORMED_HEADER, set(EventHeaders.SEQ, "0")),
        headed("seq -1", RejectReason.MALFORMED_HEADER, set(EventHeaders.SEQ, "-1")),
        headed("no seq", RejectReason.MISSING_HEADER, h -> h.remove(EventHeaders.SEQ)),
        headed("no run", RejectReason.MISSING_HEADER, h -> h.remove(EventHeaders.RUN)),
        headed(
            "double header",
            RejectReason.MALFORMED_HEADER,
            h -> h.add(EventHeaders.RUN, utf8("another"))),
        headed(
            "begins in the middle",
            RejectReason.NOT_STARTED,
            h -> {
              set(EventHeaders.SEQ, "1").accept(h);
              set(EventHeaders.RUN, "headless").accept(h);
            }),
        new Kind(
            "repeated with other bytes",
            RejectReason.DUPLICATE,
            (e, r) ->
                new ProducerRecord<>(
                    AGENT_EVENTS,
                    null,
                    e.key(),
                    utf8("{\"type\":\"" + e.type() + "\"}"),
                    e.headers())),
        new Kind(
            "run on two threads",
            RejectReason.WRONG_THREAD,
            (e, r) -> keyed(utf8(neighbourOf(e.thread())), e)),
        new Kind(
            "wrong partition, and said to have re-entered",
            RejectReason.WRONG_PARTITION,
            (e, r) -> {
              Headers headers = e.headers();
              headers.add(EventHeaders.ORIGIN, utf8("rekey"));
              int elsewhere =
                  (ThreadPartitioner.partition(e.thread(), partitions) + 1) % partitions;
              return new ProducerRecord<>(AGENT_EVENTS, elsewhere, e.key(), e.value(), headers);
            }));
  }

  /** Another thread of the same partition: across partitions nobody could tell. */
  private String neighbourOf(String thread) {
    int home = ThreadPartitioner.partition(thread, partitions);
    return Stream.iterate(0, i -> i + 1)
        .map(i -> "neighbour." + i)
        .filter(other -> ThreadPartitioner.partition(other, partitions) == home)
        .findFirst()
        .orElseThrow();
  }

  private static ProducerRecord<byte[], byte[]> next(AgentEvent event, int by) {
    return AgentEvent.content(event.thread(), event.run(), event.attempt(), event.seq() + by)
        .to(AGENT_EVENTS);
  }

  /** On the partition of the event in front, whatever its key. */
  private ProducerRecord<byte[], byte[]> keyed(byte @Nullable [] key, AgentEvent event) {
    int home = ThreadPartitioner.partition(event.thread(), partitions);
    return new ProducerRecord<>(AGENT_EVENTS, home, key, event.value(), event.headers());
  }

  private static Kind valued(
      String name, RejectReason reason, BiFunction<AgentEvent, Random, byte @Nullable []> value) {
    return new Kind(
        name,
        reason,
        (e, r) ->
            new ProducerRecord<>(AGENT_EVENTS, null, e.key(), value.apply(e, r), e.headers()));
  }

  private static Kind headed(String name, RejectReason reason, Consumer<Headers> change) {
    return new Kind(
        name,
        reason,
        (e, r) -> {
          Headers headers = e.headers();
          change.accept(headers);
          return new ProducerRecord<>(AGENT_EVENTS, null, e.key(), e.value(), headers);
        });
  }

  private static Consumer<Headers> set(String name, String value) {
    return headers -> headers.remove(name).add(name, utf8(value));
  }

  private static byte[] json(int bytes) {
    String head = "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"delta\":\"";
    return utf8(head + "x".repeat(bytes - head.length() - 2) + "\"}");
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    bytes[0] = 0; // no JSON, and no id
    return bytes;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
