package io.runwire.event;

import java.time.Duration;
import java.util.Optional;

/**
 * A record's headers, read and checked: who it belongs to and where in its run it stands.
 *
 * @param thread the thread id
 * @param run the run id
 * @param attempt from 1
 * @param seq dense per (run, attempt), from 1
 * @param type the AG-UI type
 * @param ends whether this event ends its run for good: a terminal type and not {@code final:false}
 * @param timeout the silence after which the watchdog ends the run, where the producer named one
 * @param origin who wrote the record
 * @param src where it stood in agent-events; present on thread-events only
 */
public record Envelope(
    String thread,
    String run,
    int attempt,
    long seq,
    EventType type,
    boolean ends,
    Optional<Duration> timeout,
    Origin origin,
    Optional<SourcePosition> src) {

  /** The same as it stands in thread-events. */
  public Envelope routedFrom(SourcePosition position) {
    return new Envelope(
        thread, run, attempt, seq, type, ends, timeout, origin, Optional.of(position));
  }

  /** What came of reading a record's headers. */
  public sealed interface Reading {}

  /** The headers are whole and of their forms. */
  public record Read(Envelope envelope) implements Reading {}

  /** They are not; {@code detail} names the header and what was expected. */
  public record Refused(RejectReason reason, String detail) implements Reading {}
}
