package io.runwire.producer;

import io.runwire.producer.log.AgentEvent;
import io.runwire.producer.log.EventLog;
import io.runwire.producer.log.MemoryLog;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A connection whose clock stands still and whose ids count: {@code run-1, msg-1, msg-2}. */
final class Scripted {
  static final Instant NOW = Instant.ofEpochMilli(1_764_000_000_000L);

  private Scripted() {}

  static Runwire over(EventLog log) {
    return over(log, RunLimits.DEFAULT);
  }

  static Runwire over(EventLog log, RunLimits limits) {
    Map<String, Integer> count = new ConcurrentHashMap<>();
    return new Runwire(
        log,
        limits,
        Clock.fixed(NOW, ZoneOffset.UTC),
        kind -> kind + "-" + count.merge(kind, 1, Integer::sum));
  }

  static List<String> types(MemoryLog log) {
    return log.events().stream().map(event -> event.type().name()).toList();
  }

  static List<Long> seqs(MemoryLog log) {
    return log.events().stream().map(AgentEvent::seq).toList();
  }
}
