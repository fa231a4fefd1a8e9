package io.runwire.event;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.Uuid;

/**
 * Where in agent-events a record stood before it was routed; the header {@code src}, {@code <topic
 * id>:<partition>:<offset>}.
 */
public record SourcePosition(Uuid topicId, int partition, long offset) {
  private static final Pattern FORM = Pattern.compile("([\\w-]{22}):(\\d{1,9}):(\\d{1,18})");

  /** The position that the header's value spells, or empty where it is not of the form. */
  public static Optional<SourcePosition> parse(String header) {
    Matcher m = FORM.matcher(header);
    if (!m.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new SourcePosition(
            Uuid.fromString(m.group(1)), Integer.parseInt(m.group(2)), Long.parseLong(m.group(3))));
  }

  /** The header's value. */
  @Override
  public String toString() {
    return topicId + ":" + partition + ":" + offset;
  }
}
