/**
 * The log as Kafka holds it: the tail that fills the windows, the readers that fetch history, the
 * watch on the topics' identity.
 *
 * <p>Start at {@link io.runwire.edge.feed.KafkaLog}. May use Kafka and the hub, not Jetty.
 */
@NullMarked
package io.runwire.edge.feed;

import org.jspecify.annotations.NullMarked;
