package io.runwire.event;

/** Why a record was refused; the value of the header {@code reason} on rejected-events. */
public enum RejectReason {
  /** Not one line of valid UTF-8 holding one JSON object of depth ≤ 100. */
  MALFORMED_JSON,
  /** {@code run}, {@code seq}, {@code type} or the thread is absent. */
  MISSING_HEADER,
  /** A header stands twice, is no UTF-8, or its value is not of its form. */
  MALFORMED_HEADER,
  /** AG-UI 1.0 knows no such type. */
  UNKNOWN_TYPE,
  /** The header {@code type} and the value's {@code type} differ. */
  TYPE_MISMATCH,
  /** The value is over 1 MB. */
  TOO_LARGE,
  /** (run, attempt, seq) was accepted before. */
  DUPLICATE,
  /** The run, or this attempt of it, has ended. */
  AFTER_TERMINAL,
  /** A newer attempt of the run has begun. */
  FENCED_ATTEMPT,
  /** An attempt may begin only with RUN_STARTED (or the watchdog's RUN_ERROR). */
  NOT_STARTED,
  /** The run belongs to another thread. */
  WRONG_THREAD,
  /** The record re-entered once and still stands on another partition than its thread's. */
  WRONG_PARTITION
}
