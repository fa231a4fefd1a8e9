package io.runwire.producer.kafka;

import io.runwire.producer.log.AgentEvent;
import io.runwire.topic.Topic;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;

/** An event as a record of agent-events: key, headers and value, and no partition of its own. */
final class EventRecord {
  private EventRecord() {}

  static ProducerRecord<byte[], byte[]> of(AgentEvent event) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            Topic.AGENT_EVENTS.topicName(),
            event.attempt().thread().getBytes(StandardCharsets.UTF_8),
            event.value());
    event
        .headers()
        .forEach(
            (name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
    return record;
  }
}
