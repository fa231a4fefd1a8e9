package io.runwire.cursor;

import org.apache.kafka.common.Uuid;

/**
 * Which log a position belongs to. A topic that was deleted and created again has another id, so a
 * position in the old one is not mistaken for one in the new.
 *
 * @param threadEvents topic id of thread-events
 * @param agentEvents topic id of agent-events, in which source offsets count
 * @param partitions of both, fixed for life
 */
public record LogIdentity(Uuid threadEvents, Uuid agentEvents, int partitions) {}
