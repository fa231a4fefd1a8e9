package io.runwire.producer.log;

/**
 * What a log has done so far, and what it holds. All but the last only grow.
 *
 * @param appended events taken from agents
 * @param joined pieces of text that went into an event before them, since room was short
 * @param settled of the appended, the ones that stand in the log, in order
 * @param sendErrors sends that failed and were not overtaken by a newer round
 * @param resent records sent again, acknowledged ones included
 * @param waited appends that found no room at once: back-pressure
 * @param refused appends that found no room in time
 * @param failedRuns attempts given up for good
 * @param unsettledBytes how much of the spool is used now
 */
public record ProducerMetrics(
    long appended,
    long joined,
    long settled,
    long sendErrors,
    long resent,
    long waited,
    long refused,
    long failedRuns,
    long unsettledBytes) {
  /** Of a log that only takes: all of it has settled. */
  public static ProducerMetrics settled(long events) {
    return new ProducerMetrics(events, 0, events, 0, 0, 0, 0, 0, 0);
  }
}
