package io.runwire.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.runwire.event.Envelope.Refused;
import java.io.IOException;
import java.nio.ByteBuffer;
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

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
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
    if (!utf8(value)) {
      return refused(RejectReason.MALFORMED_JSON, "value: not UTF-8");
    }
    try {
      String inside = typeOf(value);
      return type.name().equals(inside)
          ? Optional.empty()
          : refused(
              RejectReason.TYPE_MISMATCH,
              "value's type: '" + Ids.printable(inside) + "' (expected: " + type + ")");
    } catch (IOException e) {
      return refused(RejectReason.MALFORMED_JSON, "value: not one JSON object of depth <= 100");
    }
  }

  /** Reads the whole value and returns its top-level {@code type}, empty where it has none. */
  private static String typeOf(byte[] value) throws IOException {
    try (JsonParser parser = JSON.createParser(value)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("no object");
      }
      String type = "";
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        boolean isType = parser.currentName().equals("type");
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

  private static boolean utf8(byte[] value) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static Optional<Refused> refused(RejectReason reason, String detail) {
    return Optional.of(new Refused(reason, detail));
  }
}
