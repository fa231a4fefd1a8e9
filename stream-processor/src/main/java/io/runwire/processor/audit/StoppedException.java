package io.runwire.processor.audit;

/** A partition must not be signed any further: what lies there contradicts what was signed. */
final class StoppedException extends Exception {
  /** Why. */
  enum Reason {
    /** The log ends before what was signed of it. */
    LOG_SHORTER,
    /** The log holds, or Kafka's checkpoints say, something else than the archive. */
    CONTRADICTION,
    /** The checkpoints do not lead from one to the next, or another key signed them. */
    BROKEN_CHECKPOINTS
  }

  private final Reason reason;

  StoppedException(Reason reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}
