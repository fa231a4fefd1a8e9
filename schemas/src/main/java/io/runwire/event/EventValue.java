package io.runwire.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.runwire.event.Envelope.Refused;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rules for a record's value: one JSON object on one line of UTF-8, whose {@code type} is the
 * header's. It is checked and never changed: what the agent wrote is what the browser reads.
 */
public final class EventValue {
  /** Largest value in bytes. */
  public static final int MAX_BYTES = 1 << 20;

  /** Deepest nesting. */
  public static final int MAX_DEPTH = 100;

  private static final int FIRST_PRINTABLE = 0x20; // below stand the line breaks and other controls

  // Names and numbers are bounded by the value alone. Names are not kept: whoever writes events
  // would choose what fills the table, and names made to collide in it are an error of its own.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNameLength(MAX_BYTES)
                  .maxNumberLength(MAX_BYTES)
                  .build())
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .build();

  private EventValue() {}

  /** Why the value may not follow a header {@code type} of this value, or empty if it may. */
  public static Optional<Refused> check(byte @Nullable [] value, EventType type) {
    if (value == null) {
      return refused(RejectReason.MALFORMED_JSON, "value: null");
    }
    if (value.length > MAX_BYTES) {
      return refused(
          RejectReason.TOO_LARGE,
          "value: " + value.length + " bytes (expected: <= " + MAX_BYTES + ")");
    }
    for (int i = 0; i < value.length; i++) {
      if (value[i] >= 0 && value[i] < FIRST_PRINTABLE) {
        return refused(RejectReason.MALFORMED_JSON, "value: control byte at " + i);
      }
    }
    try {
      String inside = typeOf(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)));
      return type.name().equals(inside)
          ? Optional.empty()
          : refused(
              RejectReason.TYPE_MISMATCH,
              "value's type: '" + Ids.printable(inside) + "' (expected: " + type + ")");
    } catch (CharacterCodingException e) {
      return refused(RejectReason.MALFORMED_JSON, "value: not UTF-8");
    } catch (IOException e) {
      return refused(
          RejectReason.MALFORMED_JSON,
          "value: not one JSON object of depth <= " + MAX_DEPTH + " with one type");
    }
  }

  /**
   * Reads the whole value and returns its top-level {@code type}, empty where it has no text there.
   *
   * <p>From chars, since a parser of bytes guesses at their encoding and skips a byte order mark,
   * which in the middle of a frame is no JSON. A type that stands twice is refused, since readers
   * differ on which one counts.
   */
  private static String typeOf(CharBuffer value) throws IOException {
    try (JsonParser parser = JSON.createParser(value.array(), 0, value.length())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("no object");
      }
      String type = "";
      boolean typeSeen = false;
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isType = parser.currentName().equals("type");
        if (isType && typeSeen) {
          throw new IOException("two types");
        }
        typeSeen |= isType;
        if (parser.nextToken() == JsonToken.VALUE_STRING && isType) {
          type = parser.getText();
        } else {
          parser.skipChildren();
        }
      }
      if (parser.nextToken() != null) {
        throw new IOException("more than one value");
      }
      return type;
    }
  }

  private static Optional<Refused> refused(RejectReason reason, String detail) {
    return Optional.of(new Refused(reason, detail));
  }
}
