package io.runwire.producer.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.event.Envelope;
import io.runwire.event.EnvelopeReader;
import io.runwire.event.EventHeaders;
import io.runwire.event.SourcePosition;
import io.runwire.fold.Fold;
import io.runwire.fold.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.internals.RecordHeaders;

/**
 * Whatever is lost, answered late, or answered wrongly: the fold reads every event once, in order,
 * and what the producer calls settled can be read already.
 *
 * <p>Valid: {@code 1 3 2 3}, 2 having expired and everything from it been repeated. Invalid: {@code
 * 1 3 2}, the repetition of 2 alone, after which no reader ever passes 3; and {@code 2 1 2}, where
 * a reader takes the run up at 2 and skips its start.
 */
final class SettledRuleTest {
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private enum Kind {
    APPEND,
    SEND,
    PAUSE_PASSES,
    LAND,
    EXPIRE,
    LAND_GHOST,
    ANSWER,
    LOSE_ANSWER
  }

  private record Action(Kind kind, int pick) {}

  @Provide
  Arbitrary<List<Action>> days() {
    Arbitrary<Kind> kinds =
        Arbitraries.frequency(
            Tuple.of(4, Kind.APPEND),
            Tuple.of(4, Kind.SEND),
            Tuple.of(2, Kind.PAUSE_PASSES),
            Tuple.of(6, Kind.LAND),
            Tuple.of(1, Kind.EXPIRE),
            Tuple.of(1, Kind.LAND_GHOST),
            Tuple.of(6, Kind.ANSWER),
            Tuple.of(1, Kind.LOSE_ANSWER));
    return Combinators.combine(kinds, Arbitraries.integers().between(0, 30))
        .as(Action::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(200);
  }

  @Property(tries = 2_000)
  void theFoldReadsEveryEventOnceAndInOrder(@ForAll("days") List<Action> day) {
    FaultyBroker broker = new FaultyBroker();
    ManualOwner owner = new ManualOwner();
    Counters counters = new Counters();
    KafkaLane lane = Lanes.lane(1 << 20, broker, owner, counters, new ArrayList<>());
    long appended = 0;
    for (Action action : day) {
      switch (action.kind()) {
        case APPEND -> {
          appended++;
          lane.append(Lanes.events(appended, appended));
        }
        case SEND -> owner.run();
        case PAUSE_PASSES -> owner.advance(PAUSE);
        case LAND -> broker.land();
        case EXPIRE -> broker.expire();
        case LAND_GHOST -> broker.landGhost(action.pick());
        case ANSWER -> broker.answer(action.pick());
        case LOSE_ANSWER -> broker.loseAnswer(action.pick());
      }
      assertThat(read(broker.log())).hasSizeGreaterThanOrEqualTo((int) counters.settled.sum());
    }
    do {
      owner.advance(PAUSE);
      broker.land();
      broker.answer(0);
    } while (counters.settled.sum() < appended || !broker.idle());

    assertThat(lane.failure()).isEmpty();
    assertThat(read(broker.log())).isEqualTo(values(appended));
  }

  /** What a reader of the log is given: values that the fold lets pass. */
  private static List<String> read(List<ProducerRecord<byte[], byte[]>> log) {
    Fold fold = new Fold(Fold.DEFAULT_CAPACITY, Fold.NO_FLOOR);
    Uuid topic = new Uuid(1, 1);
    List<String> passed = new ArrayList<>();
    for (int offset = 0; offset < log.size(); offset++) {
      ProducerRecord<byte[], byte[]> record = log.get(offset);
      RecordHeaders headers = new RecordHeaders(record.headers());
      String src = new SourcePosition(topic, 0, offset).toString();
      headers.add(EventHeaders.SRC, src.getBytes(StandardCharsets.UTF_8));
      Envelope envelope = ((Envelope.Read) EnvelopeReader.read(record.key(), headers)).envelope();
      if (fold.apply(envelope) == Verdict.PASS) {
        passed.add(new String(record.value(), StandardCharsets.UTF_8));
      }
    }
    return passed;
  }

  private static List<String> values(long last) {
    return Lanes.events(1, last).stream().map(event -> event.json()).toList();
  }
}
