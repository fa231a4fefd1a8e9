package io.runwire.producer.log;

/**
 * What a log has done so far. All of them only grow.
 *
 * @param appended events taken from agents
 * @param settled of those, the ones that stand in the log, in order
 * @param sendErrors sends that failed and were not overtaken by a newer round
 * @param resent records sent again, acknowledged ones included
 * @param refused appends that found no room in time
 * @param failedRuns attempts given up for good
 */
public record ProducerMetrics(
    long appended, long settled, long sendErrors, long resent, long refused, long failedRuns) {}
