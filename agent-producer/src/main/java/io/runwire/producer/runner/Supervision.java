package io.runwire.producer.runner;

import io.runwire.producer.Runwire;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/**
 * What all runs of a runner share.
 *
 * @param timer hands over to the threads, and does nothing else
 * @param onOver told of each run when it is over
 */
record Supervision(
    Runwire runwire,
    ScheduledExecutorService timer,
    AgentThreads threads,
    Tally tally,
    Consumer<SupervisedRun> onOver) {}
