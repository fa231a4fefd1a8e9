package io.runwire.edge.access;

import java.util.Optional;
import java.util.Set;

/**
 * Which web pages may open a socket. Browsers send {@code Origin} and cannot forge it; other
 * clients send none, and the token decides alone.
 */
public final class Origins {
  private final Set<String> allowed;

  /**
   * @param allowed exact origins, e.g. {@code https://app.example.com}; {@code *} for any
   */
  public Origins(Set<String> allowed) {
    this.allowed = Set.copyOf(allowed);
  }

  /**
   * Whether a page of that origin may connect.
   *
   * @param origin the request's header
   * @param self the origin under which this edge was asked
   */
  public boolean allow(Optional<String> origin, String self) {
    return origin.isEmpty()
        || origin.get().equals(self)
        || allowed.contains(origin.get())
        || allowed.contains("*");
  }
}
