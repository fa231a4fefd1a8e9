package io.runwire.audit;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.Uuid;

/**
 * Which log a checkpoint is of: the notary's name, the incarnation of thread-events, the partition.
 * The first line of a checkpoint, {@code <name>/<topic id>/<partition>}.
 *
 * @param notary a URL without scheme, as C2SP tlog-checkpoint asks for; no spaces, no plus
 */
public record Origin(String notary, Uuid topicId, int partition) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._~:/-]{1,200}");
  private static final Pattern FORM = Pattern.compile("(.+)/([\\w-]{22})/(\\d{1,9})");

  public Origin {
    if (!validName(notary)) {
      throw new IllegalArgumentException("notary: '" + notary + "' (expected: " + NAME + ")");
    }
  }

  /** Whether a notary may have this name. */
  public static boolean validName(String name) {
    return NAME.matcher(name).matches();
  }

  /** What {@link #toString} wrote, or empty where it is not of the form. */
  public static Optional<Origin> parse(String line) {
    Matcher m = FORM.matcher(line);
    if (!m.matches() || !validName(m.group(1))) {
      return Optional.empty();
    }
    return Optional.of(
        new Origin(m.group(1), Uuid.fromString(m.group(2)), Integer.parseInt(m.group(3))));
  }

  @Override
  public String toString() {
    return notary + "/" + topicId + "/" + partition;
  }
}
