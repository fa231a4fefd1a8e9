package io.runwire.edge.access;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * What a verified token grants, and until when.
 *
 * @param subject the user
 * @param expiresAt the connection is closed at this moment unless it is refreshed
 */
public record Grants(String subject, Instant expiresAt, List<Right> rights) {
  /** Actions on threads. */
  record Right(Set<Action> actions, List<ThreadPattern> threads) {}

  public boolean allows(Action action, String thread) {
    for (Right right : rights) {
      if (right.actions.contains(action)
          && right.threads.stream().anyMatch(pattern -> pattern.covers(thread))) {
        return true;
      }
    }
    return false;
  }

  /** Whether the action is allowed on any thread at all. */
  public boolean allowsSome(Action action) {
    return rights.stream().anyMatch(right -> right.actions.contains(action));
  }
}
