package io.runwire.edge.access;

import io.runwire.cursor.Cursor;
import io.runwire.edge.hub.Start;
import io.runwire.frame.ClientFrame.From;
import io.runwire.frame.ClientFrame.Subscribe;
import io.runwire.frame.ErrorCode;
import java.time.Duration;
import java.util.Optional;

/**
 * Decides whether a reader may subscribe, and where it may begin: alike for sockets and streams.
 */
public final class Admission {
  /** What came of a request to subscribe. */
  public sealed interface Decision {}

  public record Admitted(Start start) implements Decision {}

  public record Denied(ErrorCode code, String message) implements Decision {}

  private Admission() {}

  /**
   * The decision on one request.
   *
   * @param resumeWithin how old the next record behind a cursor may be without the right to history
   */
  public static Decision decide(Subscribe request, Grants by, Duration resumeWithin) {
    if (!by.allows(Action.SUBSCRIBE, request.thread())) {
      return new Denied(ErrorCode.FORBIDDEN, "subscribe is not granted");
    }
    boolean history = by.allows(Action.HISTORY, request.thread());
    if (request.after().isPresent()) {
      return resume(
          request, request.after().get(), history ? Optional.empty() : Optional.of(resumeWithin));
    }
    if (request.from() == From.EARLIEST) {
      return history
          ? new Admitted(new Start.Earliest())
          : new Denied(ErrorCode.FORBIDDEN, "history is not granted");
    }
    return new Admitted(request.from() == From.OPEN ? new Start.Open() : new Start.Latest());
  }

  private static Decision resume(Subscribe request, String after, Optional<Duration> maxAge) {
    Optional<Cursor> cursor = Cursor.decode(after);
    if (cursor.isEmpty()) {
      return new Denied(ErrorCode.CURSOR_MALFORMED, "after: not a cursor");
    }
    if (!cursor.get().isOf(request.thread())) {
      return new Denied(ErrorCode.CURSOR_FOREIGN_THREAD, "after: of another thread");
    }
    return new Admitted(new Start.After(cursor.get(), after, request.runs(), maxAge));
  }
}
