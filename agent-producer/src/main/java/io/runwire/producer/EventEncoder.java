package io.runwire.producer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteConstraints;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.runwire.event.Envelope.Refused;
import io.runwire.event.EventValue;
import io.runwire.event.RejectReason;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Writes events as the log wants them: one line of valid UTF-8, whatever text the agent came by,
 * checked by the router's own rule before it is handed over.
 *
 * <p>Thread-safe.
 */
final class EventEncoder {
  private static final char NEXT_LINE = '\u0085';
  private static final char LINE_SEPARATOR = '\u2028';
  private static final char PARAGRAPH_SEPARATOR = '\u2029';
  private static final char REPLACEMENT = '\ufffd';

  // The agent's own values may hold dates and the like: what is on its classpath may write them.
  // They may also hold themselves: the depth ends that.
  private static final ObjectMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamWriteConstraints(
                      StreamWriteConstraints.builder()
                          .maxNestingDepth(EventValue.MAX_DEPTH)
                          .build())
                  .build())
          .findAndAddModules()
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .build();

  private EventEncoder() {}

  /**
   * The event as one line.
   *
   * @param timestampMs epoch milliseconds
   * @throws EventTooLargeException above {@link EventValue#MAX_BYTES}
   * @throws IllegalArgumentException where a value of the agent's is too deeply nested
   */
  static byte[] encode(Draft draft, long timestampMs) {
    ObjectNode event =
        JSON.createObjectNode().put("type", draft.type().name()).put("timestamp", timestampMs);
    event.setAll(draft.body());
    byte[] value = oneLine(json(event)).getBytes(StandardCharsets.UTF_8);
    Optional<Refused> refused = EventValue.check(value, draft.type());
    if (refused.isPresent()) {
      throw refused.get().reason() == RejectReason.TOO_LARGE
          ? new EventTooLargeException(draft.type(), value.length)
          : new IllegalArgumentException(draft.type() + ": " + refused.get().detail());
    }
    return value;
  }

  /** A value of the agent's as text: a string as it is, anything else as JSON. */
  static String text(Object value) {
    return value instanceof String text ? text : json(value);
  }

  /**
   * A value of the agent's as JSON: whatever Jackson writes.
   *
   * @throws IllegalArgumentException where it cannot
   */
  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e.getOriginalMessage(), e);
    }
  }

  /**
   * The same JSON without what would disturb a reader: half a surrogate pair has no UTF-8, and the
   * line breaks beyond ASCII, which JSON allows in a string, split lines in some languages.
   */
  private static String oneLine(String json) {
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c >= NEXT_LINE && (isLineBreak(c) || Character.isSurrogate(c))) {
        return rewrite(json);
      }
    }
    return json;
  }

  private static String rewrite(String json) {
    StringBuilder line = new StringBuilder(json.length() + 16);
    json.codePoints()
        .forEach(
            c -> {
              if (c <= Character.MAX_VALUE && isLineBreak((char) c)) {
                line.append(String.format("\\u%04x", c));
              } else if (c <= Character.MAX_VALUE && Character.isSurrogate((char) c)) {
                line.append(REPLACEMENT);
              } else {
                line.appendCodePoint(c);
              }
            });
    return line.toString();
  }

  private static boolean isLineBreak(char c) {
    return c == NEXT_LINE || c == LINE_SEPARATOR || c == PARAGRAPH_SEPARATOR;
  }
}
