/**
 * Runs agents' code so that it cannot hang: time limits, retries, a breaker and a bulkhead per
 * agent, and every outcome as an event that the user sees.
 *
 * <p>Start at {@link io.runwire.producer.runner.AgentRunner}, then {@link
 * io.runwire.producer.runner.SupervisedRun}, which is a run's life over its attempts. What is tried
 * again, when, and who may run at all is decided by Resilience4j, behind {@link
 * io.runwire.producer.runner.Guard}; {@link io.runwire.producer.runner.Task} is code on a thread
 * that can be given up. Writes by the API above it only; must not import {@code kafka}.
 */
@NullMarked
package io.runwire.producer.runner;

import org.jspecify.annotations.NullMarked;
