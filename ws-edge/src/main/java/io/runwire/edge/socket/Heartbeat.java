package io.runwire.edge.socket;

import io.runwire.edge.settings.HeartbeatSettings;

/**
 * When to ping, and when a peer has failed to answer. The answer's time runs from the end of the
 * ping's write, and there is no next ping before that, so that a socket which takes nothing is not
 * given more.
 *
 * <pre>
 *   QUIET ──every──▶ WRITING ──written──▶ AWAITING ──pong deadline──▶ no pong
 *     ▲                 │ │                  │
 *     │                 │ └─every + pong──▶ stuck
 *     └──written, heard─┴───────heard────────┘
 * </pre>
 *
 * <p>Whatever the peer says counts as an answer. Not thread-safe; times are of the monotonic clock.
 */
final class Heartbeat {
  /** What is to be done now. */
  enum Step {
    NOTHING,
    PING,
    /** The peer was silent: it has vanished. */
    NO_PONG,
    /** The ping could not be written: the peer does not read. */
    STUCK
  }

  private enum State {
    QUIET,
    WRITING,
    AWAITING
  }

  private final HeartbeatSettings settings;
  private State state = State.QUIET;
  private boolean heard;
  private long pingedNanos;
  private long dueNanos;

  Heartbeat(HeartbeatSettings settings, long nowNanos) {
    this.settings = settings;
    this.pingedNanos = nowNanos;
    this.dueNanos = nowNanos + settings.every().toNanos();
  }

  /** When to look next. */
  long dueNanos() {
    return dueNanos;
  }

  Step look(long nowNanos) {
    if (nowNanos - dueNanos < 0) {
      return Step.NOTHING;
    }
    return switch (state) {
      case QUIET -> {
        state = State.WRITING;
        heard = false;
        pingedNanos = nowNanos;
        dueNanos = nowNanos + settings.every().plus(settings.pong()).toNanos();
        yield Step.PING;
      }
      case WRITING -> end(nowNanos, Step.STUCK);
      case AWAITING -> end(nowNanos, Step.NO_PONG);
    };
  }

  /** The ping's write has ended. */
  void written(long nowNanos) {
    if (state == State.WRITING) {
      state = State.AWAITING;
      dueNanos = nowNanos + settings.pong().toNanos();
      if (heard) {
        quiet();
      }
    }
  }

  /** The peer has said something. */
  void heard() {
    heard = true;
    if (state == State.AWAITING) {
      quiet();
    }
  }

  private void quiet() {
    state = State.QUIET;
    dueNanos = pingedNanos + settings.every().toNanos();
  }

  /** The socket is given up; it is not given up again while it closes. */
  private Step end(long nowNanos, Step step) {
    dueNanos = nowNanos + settings.every().toNanos();
    return step;
  }
}
