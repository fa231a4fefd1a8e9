package io.runwire.edge.hub;

import io.runwire.cursor.Cursor;
import java.util.Optional;

/**
 * What is to be replayed.
 *
 * @param run only this run
 * @param span where that run lies, if that is known: nothing else is read then
 * @param to the end; the end of the log as it stands now where it is left out
 * @param reader who reads, opaque: readers take turns
 */
public record ReplayRequest(
    String thread,
    Optional<String> run,
    Start start,
    Optional<Cursor> to,
    Optional<RunSpan> span,
    String reader) {
  /** The same, with the run's place known. */
  public ReplayRequest within(Optional<RunSpan> runSpan) {
    return new ReplayRequest(thread, run, start, to, runSpan, reader);
  }
}
