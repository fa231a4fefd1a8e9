package io.runwire.loadtest.journal;

import java.util.Optional;

/**
 * What happened to a client, in its order. What its SDK handed on counts, not what came over the
 * wire.
 *
 * <p>A client's name stays the same over its reconnects and is used by nobody else. Each line
 * begins with the name of its kind, given below; {@code ms} is the wall clock.
 */
public sealed interface Seen {
  /** When, in ms since the epoch. */
  long ms();

  /** Whose line it is. */
  String client();

  /**
   * The client asked for a thread anew; a resume from a cursor by itself is no such line, only
   * {@link Up} is. Columns: {@code subscribed ms client thread run from}.
   *
   * @param run the run filter; an empty column is none
   * @param from {@code earliest}, {@code open}, {@code latest}, or the cursor it began after
   */
  record Subscribed(long ms, String client, String thread, Optional<String> run, String from)
      implements Seen {}

  /**
   * An event. Columns: {@code event ms client thread run attempt seq ends(0|1) hash cursor}.
   *
   * @param hash {@link Hashes#of} the AG-UI value's bytes as they stood in the frame
   */
  record Event(
      long ms,
      String client,
      String thread,
      String run,
      int attempt,
      long seq,
      boolean ends,
      long hash,
      String cursor)
      implements Seen {}

  /**
   * A gap notice. Columns: {@code gap ms client thread reason}.
   *
   * @param reason a {@link io.runwire.frame.GapReason}; or what the client calls a gap that it
   *     found by itself, which excuses no server
   */
  record Gap(long ms, String client, String thread, String reason) implements Seen {}

  /** The position has caught up or moved on. Columns: {@code live ms client thread cursor}. */
  record Live(long ms, String client, String thread, String cursor) implements Seen {}

  /** A connection stands. Columns: {@code up ms client edge}. */
  record Up(long ms, String client, String edge) implements Seen {}

  /** A connection is gone. Columns: {@code down ms client code}. */
  record Down(long ms, String client, int code) implements Seen {}
}
