package io.runwire.audit;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A checkpoint with its signature, as C2SP signed-note writes it: the text, an empty line, one line
 * for each signature. Signatures of others (witnesses) are left alone.
 *
 * @param note the whole text
 */
public record SignedCheckpoint(Checkpoint checkpoint, String note) {
  /** What a line with a signature begins with. */
  static final String DASH = "\u2014 ";

  private static final String BETWEEN = "\n\n";

  /** A note as it is spelled, its signatures not looked at; empty where it is no checkpoint. */
  public static Optional<SignedCheckpoint> parse(String note) {
    int end = note.lastIndexOf(BETWEEN + DASH);
    return end < 0
        ? Optional.empty()
        : Checkpoint.parse(note.substring(0, end + 1))
            .map(checkpoint -> new SignedCheckpoint(checkpoint, note));
  }

  /**
   * Who signed first, as {@code <name>+<key id>}; empty where the signature is of no known form.
   */
  public Optional<String> signer() {
    return note.substring(checkpoint.text().length())
        .lines()
        .filter(line -> line.startsWith(DASH))
        .map(line -> line.substring(DASH.length()).split(" ", 2))
        .filter(parts -> parts.length == 2)
        .flatMap(parts -> id(parts[1]).map(id -> parts[0] + "+" + id).stream())
        .findFirst();
  }

  /** Whether one of its signatures is of this key. */
  public boolean signedBy(NotaryPublicKey key) {
    byte[] text = checkpoint.text().getBytes(StandardCharsets.UTF_8);
    String prefix = DASH + key.name() + " ";
    return note.substring(checkpoint.text().length())
        .lines()
        .filter(line -> line.startsWith(prefix))
        .anyMatch(line -> signed(key, text, line.substring(prefix.length())));
  }

  private static Optional<String> id(String base64) {
    try {
      byte[] named = Base64.getDecoder().decode(base64);
      return named.length > NotaryPublicKey.ID_BYTES
          ? Optional.of(HexFormat.of().formatHex(named, 0, NotaryPublicKey.ID_BYTES))
          : Optional.empty();
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  private static boolean signed(NotaryPublicKey key, byte[] text, String base64) {
    byte[] named;
    try {
      named = Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
    byte[] id = HexFormat.of().parseHex(key.id());
    return named.length > id.length
        && Arrays.equals(named, 0, id.length, id, 0, id.length)
        && key.signed(text, Arrays.copyOfRange(named, id.length, named.length));
  }
}
