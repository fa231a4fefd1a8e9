package io.runwire.producer;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.runwire.event.EventType;
import java.util.Map;

/**
 * An event before it has its place in the run.
 *
 * @param body the AG-UI fields beside type and timestamp
 * @param headers beyond those that every event has
 */
record Draft(EventType type, ObjectNode body, Map<String, String> headers) {
  Draft(EventType type, ObjectNode body) {
    this(type, body, Map.of());
  }
}
