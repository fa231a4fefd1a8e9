package io.runwire.edge.hub;

import io.runwire.cursor.Cursor;
import io.runwire.fold.RunPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Where a subscription begins to read. */
public sealed interface Start {
  /** The start of the log. */
  record Earliest() implements Start {}

  /** The start of the thread's oldest run that is still going. */
  record Open() implements Start {}

  /** Now. */
  record Latest() implements Start {}

  /** The thread's first record that an agent wrote at that time or later. */
  record At(Instant time) implements Start {}

  /**
   * Behind a cursor.
   *
   * @param text the cursor as the client sent it, echoed in a gap notice
   * @param runs what the client has of the thread's runs
   * @param maxAge how old the next record may be; empty for any age
   */
  record After(Cursor cursor, String text, Map<String, RunPosition> runs, Optional<Duration> maxAge)
      implements Start {}
}
