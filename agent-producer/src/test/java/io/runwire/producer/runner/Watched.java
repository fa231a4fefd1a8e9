package io.runwire.producer.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.event.EventHeaders;
import io.runwire.event.EventType;
import io.runwire.producer.log.AgentEvent;
import io.runwire.producer.log.MemoryLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** A run as its watcher sees it. */
final class Watched {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final MemoryLog log;
  private final String run;

  Watched(MemoryLog log, RunHandle run) {
    this.log = log;
    this.run = run.id();
  }

  /** Starts and ends: {@code 1 RUN_STARTED}, {@code 1 TIMEOUT, goes on}, {@code 2 RUN_FINISHED}. */
  List<String> story() {
    return events().stream()
        .filter(event -> event.type().terminal() || event.type() == EventType.RUN_STARTED)
        .map(Watched::line)
        .toList();
  }

  List<AgentEvent> events() {
    return log.events().stream().filter(event -> event.attempt().run().equals(run)).toList();
  }

  List<JsonNode> all(EventType type) {
    return events().stream()
        .filter(event -> event.type() == type)
        .map(event -> json(event))
        .toList();
  }

  JsonNode last(EventType type) {
    List<JsonNode> all = all(type);
    return all.get(all.size() - 1);
  }

  private static String line(AgentEvent event) {
    int attempt = event.attempt().attempt();
    if (event.type() != EventType.RUN_ERROR) {
      return attempt + " " + event.type();
    }
    boolean goesOn = "false".equals(event.headers().get(EventHeaders.FINAL));
    return attempt + " " + json(event).get("code").asText() + (goesOn ? ", goes on" : "");
  }

  private static JsonNode json(AgentEvent event) {
    try {
      return JSON.readTree(event.value());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
