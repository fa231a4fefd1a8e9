/**
 * Everything in one process on one machine: Kafka, router, two edges, demo agent.
 *
 * <p>Start at {@link io.runwire.deploy.quickstart.Quickstart}.
 */
@NullMarked
package io.runwire.deploy.quickstart;

import org.jspecify.annotations.NullMarked;
