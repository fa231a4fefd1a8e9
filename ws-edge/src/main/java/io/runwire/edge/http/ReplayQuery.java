package io.runwire.edge.http;

import io.runwire.cursor.Cursor;
import io.runwire.edge.hub.ReplayRequest;
import io.runwire.edge.hub.Start;
import io.runwire.event.Ids;
import io.runwire.frame.ErrorCode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.util.Fields;

/**
 * A replay as a URL's query spells it: {@code after} (and {@code runs}), {@code from} or {@code
 * at}; {@code to, run}.
 */
final class ReplayQuery {
  /** RFC 3339's last moment; beyond it a year has more than four digits. */
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999Z");

  /** The query is not of its form, or not of this thread. */
  static final class RefusedException extends Exception {
    private final ErrorCode code;
    private final String detail;

    RefusedException(ErrorCode code, String detail) {
      super(detail, null, false, false);
      this.code = code;
      this.detail = detail;
    }

    ErrorCode code() {
      return code;
    }

    String detail() {
      return detail;
    }
  }

  private ReplayQuery() {}

  /**
   * Reads the query.
   *
   * @param reader for whom
   */
  static ReplayRequest parse(String thread, Fields query, String reader) throws RefusedException {
    if (!Ids.valid(thread)) {
      throw malformed("thread: not an id");
    }
    Optional<String> run = Optional.ofNullable(query.getValue("run"));
    if (run.isPresent() && !Ids.valid(run.get())) {
      throw malformed("run: not an id");
    }
    Optional<Cursor> to = Optional.empty();
    if (query.getValue("to") != null) {
      to = Optional.of(cursor(thread, "to", query.getValue("to")));
    }
    return new ReplayRequest(thread, run, start(thread, query), to, Optional.empty(), reader);
  }

  private static Start start(String thread, Fields query) throws RefusedException {
    String after = query.getValue("after");
    String at = query.getValue("at");
    String from = query.getValue("from");
    if (Stream.of("after", "at", "from").filter(name -> query.get(name) != null).count() > 1) {
      throw malformed("expected one of after, at and from");
    }
    if (after != null) {
      try {
        return new Start.After(
            cursor(thread, "after", after), after, SubscriptionQuery.runs(query), Optional.empty());
      } catch (SubscriptionQuery.MalformedException e) {
        throw malformed(e.detail());
      }
    }
    if (at != null) {
      return new Start.At(time(at));
    }
    return switch (Optional.ofNullable(from).orElse("earliest")) {
      case "earliest" -> new Start.Earliest();
      case "latest" -> new Start.Latest();
      default -> throw malformed("from: expected earliest or latest");
    };
  }

  private static Instant time(String text) throws RefusedException {
    try {
      Instant time = OffsetDateTime.parse(text).toInstant();
      if (!time.isBefore(Instant.EPOCH) && !time.isAfter(LAST)) {
        return time;
      }
    } catch (DateTimeException notOfTheForm) {
      // Falls through to the one message.
    }
    throw malformed("at: expected a time as in 2026-01-31T09:30:00Z (RFC 3339), not before 1970");
  }

  private static Cursor cursor(String thread, String name, String text) throws RefusedException {
    Optional<Cursor> cursor = Cursor.decode(text);
    if (cursor.isEmpty()) {
      throw new RefusedException(ErrorCode.CURSOR_MALFORMED, name + ": not a cursor");
    }
    if (!cursor.get().isOf(thread)) {
      throw new RefusedException(ErrorCode.CURSOR_FOREIGN_THREAD, name + ": of another thread");
    }
    return cursor.get();
  }

  private static RefusedException malformed(String detail) {
    return new RefusedException(ErrorCode.BAD_REQUEST, detail);
  }
}
