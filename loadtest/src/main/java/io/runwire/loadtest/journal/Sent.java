package io.runwire.loadtest.journal;

/**
 * An event that a producer handed to Kafka, or tried to.
 *
 * <p>Columns: {@code ms thread run attempt seq type ends(0|1) hash result}. One event may have
 * several lines, {@link Result#UNKNOWN} when it is handed over and {@link Result#ACKED} when Kafka
 * has confirmed it: the best result wins.
 *
 * @param ms wall clock, since the epoch
 * @param seq dense per (run, attempt), from 1
 * @param type the AG-UI type
 * @param ends whether it ends its run for good
 * @param hash {@link Hashes#of} the value
 */
public record Sent(
    long ms,
    String thread,
    String run,
    int attempt,
    long seq,
    String type,
    boolean ends,
    long hash,
    Result result) {
  /** What the producer knows of a send, from worst to best. */
  public enum Result {
    /** It never left the producer. */
    FAILED,
    /** It may stand in the log or not, at most once. */
    UNKNOWN,
    /** Kafka confirmed it. */
    ACKED
  }
}
