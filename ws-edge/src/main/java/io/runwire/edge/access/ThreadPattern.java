package io.runwire.edge.access;

import io.runwire.event.Ids;
import java.util.Optional;

/**
 * The threads that a right covers: one by name, or by a prefix. {@code *} stands alone or after
 * {@code .}, {@code :} or {@code ~}, so that {@code u4*} cannot cover u42 by accident.
 */
record ThreadPattern(String prefix, boolean exact) {
  static Optional<ThreadPattern> parse(String text) {
    if (!text.endsWith("*")) {
      return Ids.valid(text) ? Optional.of(new ThreadPattern(text, true)) : Optional.empty();
    }
    String prefix = text.substring(0, text.length() - 1);
    if (prefix.isEmpty()) {
      return Optional.of(new ThreadPattern("", false));
    }
    boolean separated = ".:~".indexOf(prefix.charAt(prefix.length() - 1)) >= 0;
    return separated && Ids.valid(prefix)
        ? Optional.of(new ThreadPattern(prefix, false))
        : Optional.empty();
  }

  boolean covers(String thread) {
    return exact ? thread.equals(prefix) : thread.startsWith(prefix);
  }
}
