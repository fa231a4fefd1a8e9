package io.runwire.edge.hub;

import io.runwire.edge.settings.RetrySettings;
import java.time.Duration;

/**
 * Waits for one thing that a peer has to do: a deadline, then some retries with growing waits, then
 * no more.
 *
 * <pre>
 *   (idle) ──begin──▶ step 0 ──due──▶ step 1 ──due──▶ … step n ──due──▶ GIVE_UP
 *      ▲                 │ stop          │               │
 *      └─────────────────┴───────────────┴───────────────┘
 * </pre>
 *
 * A wait counts from the moment at which the one before was seen to be over, so an edge that was
 * frozen itself does not give up all its sockets when it wakes; and it begins anew when the clock
 * was put back. Belongs to its connection's delivery loop, which asks it now and then.
 */
final class RetryTimer {
  /** What is due. */
  enum Due {
    NOTHING,
    RETRY,
    GIVE_UP
  }

  private final RetrySettings settings;
  private boolean waiting;
  private int step;
  private long sinceMs;
  private long waitMs;

  RetryTimer(RetrySettings settings) {
    this.settings = settings;
  }

  /** Begins at the deadline. */
  void begin(long nowMs, Duration deadline) {
    waiting = true;
    step = 0;
    sinceMs = nowMs;
    waitMs = deadline.toMillis();
  }

  /** It has happened, or is no longer waited for. */
  void stop() {
    waiting = false;
    step = 0;
  }

  /** Does not count until {@link #resume}; the step stays. */
  void pause() {
    waiting = false;
  }

  /** Waits the step's whole time from now on. */
  void resume(long nowMs) {
    waiting = true;
    sinceMs = nowMs;
  }

  boolean waiting() {
    return waiting;
  }

  /** How many retries there were; 0 before the deadline. */
  int step() {
    return step;
  }

  /** How long the current wait has lasted; 0 where nothing is waited for. */
  long waitedMs(long nowMs) {
    return waiting ? nowMs - sinceMs : 0;
  }

  /** Takes the next step if it is due. */
  Due check(long nowMs) {
    if (!waiting) {
      return Due.NOTHING;
    }
    if (nowMs < sinceMs) {
      sinceMs = nowMs;
    }
    if (nowMs - sinceMs < waitMs) {
      return Due.NOTHING;
    }
    if (step == settings.retries()) {
      return Due.GIVE_UP;
    }
    waitMs = settings.backoff(step).toMillis();
    sinceMs = nowMs;
    step++;
    return Due.RETRY;
  }
}
