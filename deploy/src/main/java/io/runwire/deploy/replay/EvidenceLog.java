package io.runwire.deploy.replay;

import io.runwire.cursor.Cursor;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The reports of edges about one thread, in the order in which they were written. */
interface EvidenceLog {
  /**
   * A report.
   *
   * @param position grows from report to report, and stays the same when it is read again
   * @param events what was delivered
   * @param failure with which it ended
   */
  record Report(long position, List<Delivered> events, Optional<Failure> failure) {}

  /**
   * @param offset of the event's record in thread-events
   */
  record Delivered(long offset, Delivery delivery) {}

  /**
   * @param from the first offset that was not delivered
   */
  record Failure(long from, GivenUp givenUp) {}

  /**
   * Goes to the first report of a time, or later.
   *
   * @param at a position in the log whose offsets the reports are to count in
   */
  void seek(Cursor at, String thread, long timeMs) throws IOException;

  /** The next report up to a time; empty where there is none up to then. */
  Optional<Report> next(long untilMs) throws IOException;
}
