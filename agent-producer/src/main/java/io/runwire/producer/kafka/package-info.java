/**
 * Runs in Kafka: acknowledged is not yet settled, and what is not settled is sent again.
 *
 * <p>Start at {@link io.runwire.producer.kafka.KafkaLane}, which states the rule. Agents' threads
 * only fill a {@link io.runwire.producer.kafka.UnsettledWindow}; the owner thread alone calls
 * Kafka, so that no agent ever waits for a broker; Kafka's I/O thread calls back. Must not import
 * the API above it.
 */
@NullMarked
package io.runwire.producer.kafka;

import org.jspecify.annotations.NullMarked;
