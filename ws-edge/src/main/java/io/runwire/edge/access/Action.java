package io.runwire.edge.access;

import java.util.Locale;
import java.util.Optional;

/** What a token may allow. */
public enum Action {
  /** Follow a thread: from now, its open runs, or a recent cursor. */
  SUBSCRIBE,
  /** Read a thread from its beginning. */
  HISTORY,
  /** Ask for runs and their status. */
  LEDGER;

  /** The action of that name in a token, or empty. */
  public static Optional<Action> named(String name) {
    for (Action action : values()) {
      if (action.name().toLowerCase(Locale.ROOT).equals(name)) {
        return Optional.of(action);
      }
    }
    return Optional.empty();
  }
}
