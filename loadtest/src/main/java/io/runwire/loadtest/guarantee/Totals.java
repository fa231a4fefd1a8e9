package io.runwire.loadtest.guarantee;

/**
 * How much the journals tell of.
 *
 * @param sent events that producers handed over
 * @param settled of these, the ones that Kafka had confirmed with all lower ones of their attempt
 * @param logged records of thread-events
 * @param passed of these, the ones that the fold hands on
 * @param runs runs in producers' journals and in the log
 * @param seen events that clients were handed
 * @param clients clients
 * @param leftEarly of these, the ones that went away for good before the end: their ends are not
 *     judged
 */
public record Totals(
    long sent,
    long settled,
    long logged,
    long passed,
    long runs,
    long seen,
    long clients,
    long leftEarly) {}
