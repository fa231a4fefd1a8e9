/**
 * What must be so on the broker before anything is routed: the topics, and where the group stands
 * in them.
 *
 * <p>Start at {@link io.runwire.processor.topics.TopicSetup}. Knows Kafka's Admin only.
 */
@NullMarked
package io.runwire.processor.topics;

import org.jspecify.annotations.NullMarked;
