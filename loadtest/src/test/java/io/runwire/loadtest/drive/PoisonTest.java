package io.runwire.loadtest.drive;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.event.Envelope;
import io.runwire.event.EnvelopeReader;
import io.runwire.event.EventType;
import io.runwire.event.EventValue;
import io.runwire.producer.log.AgentEvent;
import io.runwire.producer.log.RunAttempt;
import io.runwire.topic.ThreadPartitioner;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PoisonTest {
  private static final int PARTITIONS = 8;

  private static final List<AgentEvent> VICTIMS =
      List.of(
          event(1, 5, EventType.CUSTOM, Map.of()),
          event(2, 3, EventType.CUSTOM, Map.of()),
          event(1, 9, EventType.RUN_ERROR, Map.of("final", "false")),
          event(2, 9, EventType.RUN_FINISHED, Map.of()));

  /** Either what it says is refused, or it says nothing new of its victim's run. */
  @ParameterizedTest
  @EnumSource(Poison.class)
  void mayNotBeSeenByAnybody(Poison poison) {
    List<AgentEvent> fitting = VICTIMS.stream().filter(poison::fits).toList();
    assertThat(fitting).isNotEmpty();
    for (AgentEvent victim : fitting) {
      ProducerRecord<byte[], byte[]> record =
          poison.record(victim, PARTITIONS, new Random(poison.ordinal()));
      Envelope.Reading reading = EnvelopeReader.read(record.key(), record.headers());
      if (reading instanceof Envelope.Read read) {
        Envelope envelope = read.envelope();
        boolean refused = EventValue.check(record.value(), envelope.type()).isPresent();
        assertThat(refused || isOldNews(envelope, victim)).as(victim + " " + envelope).isTrue();
      } else {
        assertThat(reading).isInstanceOf(Envelope.Refused.class);
      }
    }
  }

  @Test
  void picksOnlyWhatFits() {
    Random random = new Random(1);
    for (int i = 0; i < 1_000; i++) {
      AgentEvent victim = VICTIMS.get(i % VICTIMS.size());
      assertThat(Poison.pick(victim, random).fits(victim)).isTrue();
    }
  }

  @Test
  void repeatsARecordWithItsBytesAndHeaders() {
    ProducerRecord<byte[], byte[]> repeat = Poison.repeat(VICTIMS.get(2));
    assertThat(repeat.key()).asString().isEqualTo("t");
    assertThat(repeat.value()).isEqualTo(VICTIMS.get(2).value());
    assertThat(repeat.partition()).isNull();
    assertThat(repeat.timestamp()).isNull();
    assertThat(repeat.headers().toArray())
        .extracting(
            header -> header.key() + "=" + new String(header.value(), StandardCharsets.UTF_8))
        .containsExactlyInAnyOrder("run=r", "attempt=1", "seq=9", "type=RUN_ERROR", "final=false");
  }

  @Test
  void missesThePartition() {
    ProducerRecord<byte[], byte[]> record =
        Poison.WRONG_PARTITION.record(VICTIMS.get(0), PARTITIONS, new Random(1));
    assertThat(record.partition())
        .isNotNull()
        .isNotEqualTo(ThreadPartitioner.partition("t", PARTITIONS));
  }

  private static boolean isOldNews(Envelope record, AgentEvent victim) {
    RunAttempt attempt = victim.attempt();
    boolean victimEnds = victim.type().terminal() && !"false".equals(victim.headers().get("final"));
    return record.run().equals(attempt.run())
        && (victimEnds
            || record.attempt() < attempt.attempt()
            || (record.attempt() == attempt.attempt() && record.seq() <= victim.seq()));
  }

  private static AgentEvent event(int attempt, long seq, EventType type, Map<String, String> more) {
    return new AgentEvent(
        new RunAttempt("t", "r", attempt),
        seq,
        type,
        more,
        ("{\"type\":\"" + type + "\",\"x\":\"some text that can be cut\"}")
            .getBytes(StandardCharsets.UTF_8));
  }
}
