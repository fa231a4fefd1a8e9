package io.runwire.loadtest.guarantee;

import io.runwire.event.Envelope;
import io.runwire.event.EventType;
import io.runwire.event.Origin;
import io.runwire.event.SourcePosition;
import java.util.Optional;

/**
 * An event as it was written to agent-events.
 *
 * @param ms when
 */
record Source(
    long ms,
    String thread,
    String run,
    int attempt,
    long seq,
    EventType type,
    boolean ends,
    long hash,
    Origin origin) {

  Envelope envelope(int partition, long source) {
    return new Envelope(
        thread,
        run,
        attempt,
        seq,
        type,
        ends,
        Optional.empty(),
        origin,
        Optional.of(new SourcePosition(TestLog.IDENTITY.agentEvents(), partition, source)));
  }

  boolean sameEvent(Source other) {
    return run.equals(other.run) && attempt == other.attempt && seq == other.seq;
  }

  Source at(long writtenMs) {
    return new Source(writtenMs, thread, run, attempt, seq, type, ends, hash, origin);
  }

  Source withHash(long changed) {
    return new Source(ms, thread, run, attempt, seq, type, ends, changed, origin);
  }
}
