package io.runwire.event;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * The name of the agent that a run is of, as RUN_STARTED may carry it: 1 to 200 characters, none of
 * them a control, none a blank at either end. Nothing depends on it but finding runs, so that what
 * is not of the form is no name, and no reason to refuse a record.
 */
public final class AgentName {
  private static final Pattern FORM = Pattern.compile("(?!\\s)[^\\p{Cntrl}]{1,200}(?<!\\s)");

  private AgentName() {}

  /** Whether an agent may be called that. */
  public static boolean valid(String name) {
    return FORM.matcher(name).matches();
  }

  /** The name that a record's headers carry. */
  public static Optional<String> of(Headers headers) {
    Header header = headers.lastHeader(EventHeaders.AGENT);
    if (header == null || header.value() == null) {
      return Optional.empty();
    }
    try {
      String name =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(header.value())).toString();
      return Optional.of(name).filter(AgentName::valid);
    } catch (CharacterCodingException notUtf8) {
      return Optional.empty();
    }
  }
}
