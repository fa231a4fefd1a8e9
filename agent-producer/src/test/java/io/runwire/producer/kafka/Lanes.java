package io.runwire.producer.kafka;

import io.runwire.event.EventType;
import io.runwire.producer.log.AgentEvent;
import io.runwire.producer.log.RunAttempt;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A lane under test, and the events of its run. */
final class Lanes {
  static final RunAttempt ATTEMPT = new RunAttempt("thread-1", "run-1", 1);
  static final Duration LEASE = Duration.ofSeconds(60);

  private Lanes() {}

  static KafkaLane lane(
      long windowBytes,
      Producer<byte[], byte[]> producer,
      ManualOwner owner,
      Counters counters,
      List<KafkaLane> done) {
    return lane(windowBytes, new Spool(Long.MAX_VALUE), producer, owner, counters, done);
  }

  static KafkaLane lane(
      long windowBytes,
      Spool spool,
      Producer<byte[], byte[]> producer,
      ManualOwner owner,
      Counters counters,
      List<KafkaLane> done) {
    return new KafkaLane(
        ATTEMPT,
        new Lease(LEASE, owner::nanoTime),
        windowBytes,
        spool,
        producer,
        owner,
        counters,
        done::add);
  }

  /** Event number {@code seq}: a start, then text. */
  static AgentEvent event(long seq) {
    EventType type = seq == 1 ? EventType.RUN_STARTED : EventType.TEXT_MESSAGE_CONTENT;
    String value = "{\"type\":\"" + type + "\",\"number\":" + seq + "}";
    return new AgentEvent(ATTEMPT, seq, type, Map.of(), value.getBytes(StandardCharsets.UTF_8));
  }

  /** Likewise, with a value of at least so many bytes. */
  static AgentEvent longEvent(long seq, int bytes) {
    String value = "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"text\":\"" + "x".repeat(bytes) + "\"}";
    return new AgentEvent(
        ATTEMPT,
        seq,
        EventType.TEXT_MESSAGE_CONTENT,
        Map.of(),
        value.getBytes(StandardCharsets.UTF_8));
  }

  static List<AgentEvent> events(long first, long last) {
    List<AgentEvent> events = new ArrayList<>();
    for (long seq = first; seq <= last; seq++) {
      events.add(event(seq));
    }
    return events;
  }

  static long seq(ProducerRecord<byte[], byte[]> record) {
    byte[] seq = record.headers().lastHeader("seq").value();
    return Long.parseLong(new String(seq, StandardCharsets.UTF_8));
  }
}
