package io.runwire.processor.ledger;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which runs are asked for.
 *
 * @param statuses one of these
 * @param agent of the agent of that name
 * @param error with an error whose code or message contains this; case does not matter
 * @param sinceMs that began then or later, in ms since the epoch
 * @param untilMs that began then or earlier
 * @param limit at most so many, the newest
 */
public record RunFilter(
    Set<RunStatus> statuses,
    Optional<String> agent,
    Optional<String> error,
    long sinceMs,
    long untilMs,
    int limit) {
  /** Before any run. */
  public static final long ALWAYS = 0;

  /** Behind any run. */
  public static final long FOR_EVER = Long.MAX_VALUE;

  /** The newest runs. */
  public static RunFilter newest(int limit) {
    return new RunFilter(
        EnumSet.allOf(RunStatus.class),
        Optional.empty(),
        Optional.empty(),
        ALWAYS,
        FOR_EVER,
        limit);
  }

  /** Whether a run is one of them. */
  boolean matches(LedgerRow row) {
    return statuses.contains(row.status())
        && row.startedAt() >= sinceMs
        && row.startedAt() <= untilMs
        && (agent.isEmpty() || agent.get().equals(row.agent()))
        && (error.isEmpty() || says(row.error(), error.get()));
  }

  private static boolean says(@Nullable RunFailure failure, String part) {
    return failure != null
        && ((failure.code() == null ? "" : failure.code() + " ") + failure.message())
            .toLowerCase(Locale.ROOT)
            .contains(part.toLowerCase(Locale.ROOT));
  }
}
