package io.runwire.loadtest.drive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * A frame as it came off the wire.
 *
 * @param text the whole frame
 * @param json the same, parsed
 */
public record WireFrame(String text, JsonNode json) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String EVENT_FIELD = ",\"event\":";

  /**
   * @throws IllegalArgumentException if an edge sent something that is no JSON: a broken contract
   */
  public static WireFrame parse(String text) {
    try {
      return new WireFrame(text, MAPPER.readTree(text));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + text, e);
    }
  }

  public String op() {
    return json.path("op").asText();
  }

  public boolean is(String op) {
    return op().equals(op);
  }

  /** A field as text, empty where it is absent. */
  public String field(String name) {
    return json.path(name).asText();
  }

  /** The agent's own text: {@code event} stands last, and is spliced in untouched. */
  public String eventText() {
    int start = text.indexOf(EVENT_FIELD);
    if (!is("event") || start < 0) {
      throw new IllegalStateException("no event: " + text);
    }
    return text.substring(start + EVENT_FIELD.length(), text.length() - 1);
  }
}
