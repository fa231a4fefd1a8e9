package io.runwire.processor.topics;

import io.runwire.cursor.LogIdentity;

/**
 * Topics that were found to be what they must be.
 *
 * @param log which log they are
 * @param replicationFactor of thread-events
 */
public record CheckedTopics(LogIdentity log, int replicationFactor) {}
