package io.runwire.producer.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.event.Envelope;
import io.runwire.event.EnvelopeReader;
import io.runwire.event.EventType;
import io.runwire.event.Ids;
import io.runwire.producer.log.AgentEvent;
import io.runwire.producer.log.RunAttempt;
import io.runwire.topic.ThreadPartitioner;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.junit.jupiter.api.Test;

final class EventRecordTest {
  private final RunAttempt attempt = new RunAttempt("thread-1", "run-1", 2);

  @Test
  void carriesTheEnvelopeThatTheRouterReads() {
    byte[] value = "{\"type\":\"RUN_STARTED\"}".getBytes(StandardCharsets.UTF_8);
    ProducerRecord<byte[], byte[]> record =
        EventRecord.of(
            new AgentEvent(
                attempt, 1, EventType.RUN_STARTED, Map.of("timeout-ms", "60000"), value));

    assertThat(record.topic()).isEqualTo("agent-events");
    assertThat(record.value()).isSameAs(value);
    assertThat(record.partition()).isNull();
    assertThat(record.timestamp()).isNull();
    Envelope envelope =
        ((Envelope.Read) EnvelopeReader.read(record.key(), record.headers())).envelope();
    assertThat(envelope.thread()).isEqualTo("thread-1");
    assertThat(envelope.run()).isEqualTo("run-1");
    assertThat(envelope.attempt()).isEqualTo(2);
    assertThat(envelope.seq()).isEqualTo(1);
    assertThat(envelope.type()).isEqualTo(EventType.RUN_STARTED);
    assertThat(envelope.timeout()).contains(Duration.ofMinutes(1));
    assertThat(record.headers().toArray()).hasSize(5);
  }

  @Test
  void standsWhereEveryoneLooksForItsThread() {
    for (int i = 0; i < 1_000; i++) {
      String thread = Ids.random("thread");
      byte[] key = thread.getBytes(StandardCharsets.UTF_8);

      assertThat(BuiltInPartitioner.partitionForKey(key, 64))
          .isEqualTo(ThreadPartitioner.partition(thread, 64));
    }
  }
}
