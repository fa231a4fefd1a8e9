package io.runwire.processor.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What a RUN_ERROR says, shortened to what a list has room for.
 *
 * @param message empty where the event has none
 * @param code absent where the event has none
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record RunFailure(String message, @Nullable String code) {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int MAX_MESSAGE = 1_000;
  private static final int MAX_CODE = 100;

  /** Of an encrypted RUN_ERROR: its text is nobody's but its readers'. */
  static RunFailure sealed(@Nullable Header code) {
    return new RunFailure(
        "", code == null ? null : new String(code.value(), StandardCharsets.UTF_8));
  }

  /** Reads a RUN_ERROR's value. */
  public static RunFailure of(byte[] value) {
    try {
      JsonNode event = MAPPER.readTree(value);
      JsonNode code = event.path("code");
      return new RunFailure(
          shortened(event.path("message").asText(""), MAX_MESSAGE),
          code.isTextual() ? shortened(code.textValue(), MAX_CODE) : null);
    } catch (IOException notJson) { // the router lets nothing through that is not
      return new RunFailure("", null);
    }
  }

  private static String shortened(String text, int max) {
    return text.length() > max ? text.substring(0, max) + "…" : text;
  }
}
