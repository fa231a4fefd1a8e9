package io.runwire.producer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.runwire.event.EventType;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * An event before it has its place in the run.
 *
 * @param body the AG-UI fields beside type and timestamp
 * @param headers beyond those that every event has
 */
record Draft(EventType type, ObjectNode body, Map<String, String> headers) {
  /** Enough to make an event's own cost small, and little enough to be encoded again and again. */
  static final int MAX_JOINED_CHARS = 4_096;

  private static final Set<EventType> PIECES =
      Set.of(
          EventType.TEXT_MESSAGE_CONTENT,
          EventType.REASONING_MESSAGE_CONTENT,
          EventType.TOOL_CALL_ARGS);

  private static final List<String> OF = List.of("messageId", "toolCallId");
  private static final String DELTA = "delta";

  Draft(EventType type, ObjectNode body) {
    this(type, body, Map.of());
  }

  /** Whether the other one is the next piece of the same text, and both fit into one event. */
  boolean isContinuedBy(Draft next) {
    return type == next.type
        && PIECES.contains(type)
        && OF.stream().allMatch(id -> Objects.equals(body.get(id), next.body.get(id)))
        && delta().length() + next.delta().length() <= MAX_JOINED_CHARS;
  }

  /** Both pieces as one. */
  Draft joinedWith(Draft next) {
    return new Draft(type, body.deepCopy().put(DELTA, delta() + next.delta()), headers);
  }

  private String delta() {
    return body.path(DELTA).asText();
  }
}
