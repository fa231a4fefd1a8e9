package io.runwire.producer.log;

import io.runwire.event.EventHeaders;
import io.runwire.event.EventType;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One numbered event of a run, as it goes into the log: envelope and AG-UI value. Its bytes never
 * change, however often it is sent.
 */
public final class AgentEvent {
  private final RunAttempt attempt;
  private final long seq;
  private final EventType type;
  private final Map<String, String> headers;
  private final byte[] value;

  /**
   * @param seq dense per attempt, from 1
   * @param more headers beyond run, attempt, seq and type
   * @param value one line of UTF-8; handed over, not copied
   */
  public AgentEvent(
      RunAttempt attempt, long seq, EventType type, Map<String, String> more, byte[] value) {
    this.attempt = attempt;
    this.seq = seq;
    this.type = type;
    this.value = value;
    Map<String, String> all = new LinkedHashMap<>();
    all.put(EventHeaders.RUN, attempt.run());
    all.put(EventHeaders.ATTEMPT, Integer.toString(attempt.attempt()));
    all.put(EventHeaders.SEQ, Long.toString(seq));
    all.put(EventHeaders.TYPE, type.name());
    all.putAll(more);
    this.headers = Collections.unmodifiableMap(all);
  }

  public RunAttempt attempt() {
    return attempt;
  }

  public long seq() {
    return seq;
  }

  public EventType type() {
    return type;
  }

  /** The whole envelope but the thread, which is the record's key. */
  public Map<String, String> headers() {
    return headers;
  }

  /** The event's own bytes; not to be changed. */
  public byte[] value() {
    return value;
  }

  /** The value as text. */
  public String json() {
    return new String(value, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return headers + " " + json();
  }
}
