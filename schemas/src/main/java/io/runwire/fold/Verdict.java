package io.runwire.fold;

/** What a reader does with a record. */
public enum Verdict {
  /** Hand it on. */
  PASS,
  /** Skip: a newer attempt of the run has begun. */
  OLD_ATTEMPT,
  /** Skip: the run, or this attempt of it, has ended. */
  ENDED,
  /** Skip: handed on before. */
  REPEATED,
  /** Skip: what stands between is missing, and whoever fills it repeats what follows. */
  HOLE,
  /** Skip: an unknown run's record from before the reader's position. */
  BELOW_FLOOR
}
