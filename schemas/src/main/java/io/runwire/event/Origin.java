package io.runwire.event;

import java.util.Locale;
import java.util.Optional;

/** Who wrote a record into agent-events. */
public enum Origin {
  AGENT,
  WATCHDOG,
  /** The router itself, moving a record to the partition of its thread. */
  REKEY;

  /** The header's value. */
  public String header() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Origin> of(String header) {
    for (Origin origin : values()) {
      if (origin.header().equals(header)) {
        return Optional.of(origin);
      }
    }
    return Optional.empty();
  }
}
