package io.runwire.producer.runner;

/**
 * What a runner has done so far, and what is going. The outcomes add up to the runs that ended.
 *
 * @param finished runs that ended well
 * @param failed runs that failed for good
 * @param timedOut runs whose last attempt took too long
 * @param cancelled runs ended from outside
 * @param breakerOpen runs ended since their agent is left alone
 * @param rejected runs refused since their agent had too many
 * @param retried attempts announced after a failed one
 * @param toolTimeouts tool calls given up
 * @param going runs that have not ended: now, not in all
 * @param abandoned threads with code that was given up and has not returned: now, not in all. Each
 *     holds its agent's slot; a number that stays is code that ignores interrupts
 */
public record RunnerMetrics(
    long finished,
    long failed,
    long timedOut,
    long cancelled,
    long breakerOpen,
    long rejected,
    long retried,
    long toolTimeouts,
    int going,
    int abandoned) {}
