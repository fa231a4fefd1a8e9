package io.runwire.event;

import java.security.SecureRandom;

/** The form of thread, run, message and tool-call ids: 1–200 chars of {@code [A-Za-z0-9._~:-]}. */
public final class Ids {
  /** Longest id, in chars (all of them ASCII, so also in bytes). */
  public static final int MAX_LENGTH = 200;

  // 32 symbols, so that five random bits pick one; no vowels, so that no words appear.
  private static final char[] SYMBOLS = "0123456789bcdfghjklmnpqrstvwxyz_".toCharArray();
  private static final int RANDOM_SYMBOLS = 20; // 100 bits: no collisions in any realistic log
  private static final SecureRandom RANDOM = new SecureRandom();

  private Ids() {}

  /** Whether the text has the form of an id. */
  public static boolean valid(String id) {
    if (id.isEmpty() || id.length() > MAX_LENGTH) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      if (!allowed(id.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  /**
   * The id itself if it is valid.
   *
   * @throws IllegalArgumentException naming {@code what} and the rule
   */
  public static String require(String what, String id) {
    if (!valid(id)) {
      throw new IllegalArgumentException(
          what + ": '" + printable(id) + "' (expected: 1-200 chars of [A-Za-z0-9._~:-])");
    }
    return id;
  }

  /** A new random id, e.g. {@code run-k3v…}; safe from any thread. */
  public static String random(String prefix) {
    StringBuilder id = new StringBuilder(prefix).append('-');
    for (int i = 0; i < RANDOM_SYMBOLS; i++) {
      id.append(SYMBOLS[RANDOM.nextInt(SYMBOLS.length)]);
    }
    return id.toString();
  }

  /** The text shortened and stripped of what could disturb a log line or a terminal. */
  public static String printable(String text) {
    String head = text.length() > 60 ? text.substring(0, 60) + "…" : text;
    return head.replaceAll("[^\\x20-\\x7e…]", "?");
  }

  private static boolean allowed(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == ':'
        || c == '~';
  }
}
