package io.runwire.edge.hub;

import io.runwire.edge.hub.Outlet.Event;
import io.runwire.edge.hub.RetryTimer.Due;

/**
 * The one write that may be in flight on a socket, and how long it is waited for. Belongs to the
 * connection's delivery loop.
 */
final class InFlight {
  private static final Batch NOTHING = new Batch();

  /** A write that takes longer makes the subscriptions let go of what they have read ahead. */
  private static final long SLOW_MS = 1_000;

  private final ReadPath path;
  private final RetryTimer timer;
  private Batch batch = NOTHING;

  InFlight(ReadPath path) {
    this.path = path;
    this.timer = new RetryTimer(path.retries());
  }

  boolean isEmpty() {
    return batch.isEmpty();
  }

  void begin(Batch begun) {
    batch = begun;
    timer.begin(path.nowMs(), path.retries().deadline(begun.bytes()));
  }

  /** It has ended, or is no longer waited for; returns what it held. */
  Batch end() {
    if (isStalled()) {
      path.metrics().stalled(-1);
    }
    timer.stop();
    Batch ended = batch;
    batch = NOTHING;
    return ended;
  }

  boolean isSlow() {
    return timer.waitedMs(path.nowMs()) >= SLOW_MS;
  }

  /** Whether the deadline has passed. */
  boolean isStalled() {
    return timer.step() > 0;
  }

  /** How many waits there were beyond the deadline. */
  int retries() {
    return timer.step();
  }

  /** Waits on, or no longer. */
  Due check() {
    Due due = timer.check(path.nowMs());
    if (due == Due.RETRY) {
      if (timer.step() == 1) {
        path.metrics().stalled(1);
      }
      path.metrics().retried(RetryCause.WRITE, timer.step());
    }
    return due;
  }

  /** The offset of a thread's first event in it, {@link Long#MAX_VALUE} where it holds none. */
  long firstOf(String thread) {
    return batch.frames().stream()
        .filter(Event.class::isInstance)
        .map(outgoing -> ((Event) outgoing).entry())
        .filter(entry -> entry.thread().equals(thread))
        .mapToLong(LogEntry::offset)
        .min()
        .orElse(Long.MAX_VALUE);
  }
}
