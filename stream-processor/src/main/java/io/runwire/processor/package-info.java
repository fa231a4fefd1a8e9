/**
 * Kafka to Kafka: the router, which makes thread-events out of agent-events, and the ledger, which
 * makes one row per run out of thread-events.
 *
 * <p>Start at {@link io.runwire.processor.RunwireProcessor}, which composes the packages below:
 * {@code topology} and {@code ledger} hold the rules, {@code topics} what must be so on the broker,
 * {@code http} the ports.
 */
@NullMarked
package io.runwire.processor;

import org.jspecify.annotations.NullMarked;
