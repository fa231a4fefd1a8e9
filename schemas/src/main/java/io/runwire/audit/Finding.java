package io.runwire.audit;

/**
 * Something in a bundle that cannot be as the notary saw it.
 *
 * @param what in a sentence, naming the record
 */
public record Finding(Kind kind, String what) {
  /** What is wrong. */
  public enum Kind {
    /** A line that is no line of a bundle, or stands where it cannot. */
    MALFORMED,
    /** The bundle does not come to its end. */
    CUT,
    /** A checkpoint that the notary's key did not sign. */
    FORGED_CHECKPOINT,
    /** A checkpoint of another topic, incarnation or partition. */
    FOREIGN_LOG,
    /** What is said of the thread is not what the checkpoint commits to. */
    FORGED_THREAD,
    /** A record that differs from the one that was notarised in its place. */
    ALTERED,
    /** A record more than the thread had. */
    ADDED,
    /** Records that the thread had. */
    MISSING,
    /** Records in another order than in the log. */
    REORDERED
  }

  @Override
  public String toString() {
    return kind + ": " + what;
  }
}
