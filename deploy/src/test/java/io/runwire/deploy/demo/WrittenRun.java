package io.runwire.deploy.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.event.EventType;
import io.runwire.producer.log.AgentEvent;
import io.runwire.producer.log.MemoryLog;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A run as its watcher sees it: streamed pieces put together again. */
public final class WrittenRun {
  private final List<JsonNode> events = new ArrayList<>();

  public WrittenRun(MemoryLog log) throws IOException {
    ObjectMapper json = new ObjectMapper();
    for (AgentEvent event : log.events()) {
      events.add(json.readTree(event.value()));
    }
  }

  public List<String> messages() {
    return streamed(EventType.TEXT_MESSAGE_CONTENT, "messageId");
  }

  public List<String> reasoning() {
    return streamed(EventType.REASONING_MESSAGE_CONTENT, "messageId");
  }

  public List<String> toolArgs() {
    return streamed(EventType.TOOL_CALL_ARGS, "toolCallId");
  }

  public List<String> tools() {
    return fields(EventType.TOOL_CALL_START, "toolCallName");
  }

  public List<String> results() {
    return fields(EventType.TOOL_CALL_RESULT, "content");
  }

  public List<JsonNode> events(EventType type) {
    return events.stream().filter(e -> e.get("type").asText().equals(type.name())).toList();
  }

  private List<String> fields(EventType type, String field) {
    return events(type).stream().map(e -> e.get(field).textValue()).toList();
  }

  private List<String> streamed(EventType type, String id) {
    Map<String, StringBuilder> texts = new LinkedHashMap<>();
    for (JsonNode event : events(type)) {
      texts
          .computeIfAbsent(event.get(id).asText(), none -> new StringBuilder())
          .append(event.get("delta").textValue());
    }
    return texts.values().stream().map(StringBuilder::toString).toList();
  }
}
