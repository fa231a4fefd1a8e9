package io.runwire.seal;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The header {@code sealed} of a record of thread-events: how its value is sealed, and by which of
 * its thread's keys.
 *
 * @param keyId absent where the value was erased before it was routed, and is empty
 */
public record SealMark(Optional<String> keyId) {
  /** Of a value that was never written. */
  public static final SealMark NOTHING = new SealMark(Optional.empty());

  private static final String FORMAT = "A256GCM ";
  private static final String ERASED = "erased";

  /** Of a value that is sealed by a key. */
  public static SealMark by(KeyName key) {
    return new SealMark(Optional.of(key.id()));
  }

  /** The header's value. */
  public byte[] header() {
    return keyId.map(id -> FORMAT + id).orElse(ERASED).getBytes(StandardCharsets.UTF_8);
  }

  /** What {@link #header} wrote, or empty where it is of another format. */
  public static Optional<SealMark> parse(byte[] header) {
    String text = new String(header, StandardCharsets.UTF_8);
    if (text.equals(ERASED)) {
      return Optional.of(NOTHING);
    }
    String id = text.startsWith(FORMAT) ? text.substring(FORMAT.length()) : "";
    return KeyName.validId(id) ? Optional.of(new SealMark(Optional.of(id))) : Optional.empty();
  }
}
