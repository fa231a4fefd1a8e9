package io.runwire.frame;

import io.runwire.fold.RunPosition;
import java.util.Map;
import java.util.Optional;

/** What a client says; {@link ClientFrameReader} reads it. */
public sealed interface ClientFrame {
  /** First, or later to refresh before the token expires. */
  record Auth(String token) implements ClientFrame {
    @Override
    public String toString() {
      return "Auth[token withheld]";
    }
  }

  /**
   * Follow a thread.
   *
   * @param id echoed in the answer
   * @param run only this run's events
   * @param after resume behind this cursor; wins over {@code from}
   * @param runs with {@code after}: what the client has of the thread's runs
   * @param from where to begin without a cursor
   * @param ack whether the client acknowledges
   */
  record Subscribe(
      long id,
      String thread,
      Optional<String> run,
      Optional<String> after,
      Map<String, RunPosition> runs,
      From from,
      boolean ack)
      implements ClientFrame {}

  record Unsubscribe(long id, String thread) implements ClientFrame {}

  /** Everything up to the cursor has been handled. */
  record Ack(String thread, String cursor) implements ClientFrame {}

  record Ping() implements ClientFrame {}

  /** Not one of ours: says what is wrong, and the request's id where one could be read. */
  record Malformed(Optional<Long> id, String detail) implements ClientFrame {}

  /** Where to begin without a cursor. */
  enum From {
    /** The start of the log. */
    EARLIEST,
    /** The start of the thread's oldest run that is still going. */
    OPEN,
    /** Now. */
    LATEST
  }
}
