package io.runwire.processor;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runwire.event.EventHeaders;
import io.runwire.event.EventType;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** An event as an agent writes it, for tests. */
public record AgentEvent(
    String thread, String run, int attempt, long seq, EventType type, boolean ends) {

  public static AgentEvent started(String thread, String run, int attempt) {
    return new AgentEvent(thread, run, attempt, 1, EventType.RUN_STARTED, false);
  }

  public static AgentEvent content(String thread, String run, int attempt, long seq) {
    return new AgentEvent(thread, run, attempt, seq, EventType.TEXT_MESSAGE_CONTENT, false);
  }

  public static AgentEvent finished(String thread, String run, int attempt, long seq) {
    return new AgentEvent(thread, run, attempt, seq, EventType.RUN_FINISHED, true);
  }

  /** An error after which another attempt follows. */
  public static AgentEvent failed(String thread, String run, int attempt, long seq) {
    return new AgentEvent(thread, run, attempt, seq, EventType.RUN_ERROR, false);
  }

  public byte[] key() {
    return thread.getBytes(UTF_8);
  }

  /** With bytes that a re-encoding would change: an odd order, a space, an escape, an emoji. */
  public byte[] value() {
    return ("{\"type\":\""
            + type
            + "\", \"delta\":\"\\u0041 \uD83D\uDE00 "
            + run
            + "/"
            + attempt
            + "/"
            + seq
            + "\",\"message\":\"it broke\",\"code\":\"BROKEN\"}")
        .getBytes(UTF_8);
  }

  public Headers headers() {
    RecordHeaders headers = new RecordHeaders();
    headers.add(EventHeaders.RUN, run.getBytes(UTF_8));
    headers.add(EventHeaders.ATTEMPT, Integer.toString(attempt).getBytes(UTF_8));
    headers.add(EventHeaders.SEQ, Long.toString(seq).getBytes(UTF_8));
    headers.add(EventHeaders.TYPE, type.name().getBytes(UTF_8));
    if (type.terminal() && !ends) {
      headers.add(EventHeaders.FINAL, "false".getBytes(UTF_8));
    }
    return headers;
  }

  /** As a producer sends it, on the partition of its key. */
  public ProducerRecord<byte[], byte[]> to(String topic) {
    return new ProducerRecord<>(topic, null, key(), value(), headers());
  }
}
