/**
 * What an agent author writes against: a run and what happens in it, as events in Kafka.
 *
 * <p>Start at {@link io.runwire.producer.Runwire}, then {@link io.runwire.producer.AgentRun}. The
 * way of an event: a call makes {@link io.runwire.producer.Draft}s, {@link
 * io.runwire.producer.RunWriter} numbers them and hands them to the run's lane in {@code log}, and
 * {@code kafka} sends them.
 */
@NullMarked
package io.runwire.producer;

import org.jspecify.annotations.NullMarked;
