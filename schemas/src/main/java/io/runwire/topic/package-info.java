/**
 * The topics, what they must be, and the check that they are.
 *
 * <p>Start at {@link io.runwire.topic.Topic}. Pure: whoever calls {@link
 * io.runwire.topic.TopicCheck} asks the broker.
 */
@NullMarked
package io.runwire.topic;

import org.jspecify.annotations.NullMarked;
