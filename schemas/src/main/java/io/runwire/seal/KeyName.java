package io.runwire.seal;

import io.runwire.event.Ids;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which data key: the thread's, made for a stretch of time. A record is sealed by a key of the
 * stretch that its stamp falls into, so that a thread that goes on for ever needs no key for ever,
 * and a repetition of a record needs the same key again.
 *
 * @param thread whose key it is
 * @param id {@code <stretch>-<random>}
 */
public record KeyName(String thread, String id) {
  /** For how long new records are sealed by the same key. */
  public static final Duration STRETCH = Duration.ofDays(30);

  /** Between thread and id in a record's key; no id of a thread has it. */
  static final char SEPARATOR = '/';

  private static final Pattern ID = Pattern.compile("(\\d{1,6})-[0-9a-z_]{20}");

  /** A new name, which nobody else has. */
  public static KeyName random(String thread, long stretch) {
    return new KeyName(thread, Ids.random(Long.toString(stretch)));
  }

  /** The stretch that a stamp falls into. */
  public static long stretch(long timestampMs) {
    return Math.max(0, timestampMs) / STRETCH.toMillis();
  }

  /** The key of its record in thread-keys. */
  public byte[] recordKey() {
    return toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The thread's id and the key's, or empty where the bytes are no such name. */
  static Optional<KeyName> parse(String recordKey) {
    int at = recordKey.lastIndexOf(SEPARATOR);
    if (at < 0) {
      return Optional.empty();
    }
    KeyName name = new KeyName(recordKey.substring(0, at), recordKey.substring(at + 1));
    return Ids.valid(name.thread) && validId(name.id) ? Optional.of(name) : Optional.empty();
  }

  static boolean validId(String id) {
    return ID.matcher(id).matches();
  }

  /** The stretch that it was made for. */
  long stretch() {
    Matcher form = ID.matcher(id);
    if (!form.matches()) {
      throw new IllegalStateException("no key's id: " + Ids.printable(id));
    }
    return Long.parseLong(form.group(1));
  }

  @Override
  public String toString() {
    return thread + SEPARATOR + id;
  }
}
