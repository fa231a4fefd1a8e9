package io.runwire.edge.socket;

import io.runwire.edge.settings.BoundsSettings;
import io.runwire.edge.settings.HeartbeatSettings;
import java.time.Duration;

/**
 * What a socket is told and held to.
 *
 * @param maxSubscriptions told to the client
 * @param authDeadline for the first auth frame
 * @param resumeWithin how old the next record behind a cursor may be without the right to history
 */
public record SocketSettings(
    int maxSubscriptions,
    HeartbeatSettings heartbeat,
    Duration authDeadline,
    Duration resumeWithin,
    BoundsSettings bounds) {
  /** Requests that make no sense before the socket is closed with 4501. */
  static final int MAX_BAD_REQUESTS = 10;
}
