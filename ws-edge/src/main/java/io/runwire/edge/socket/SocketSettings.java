package io.runwire.edge.socket;

import java.time.Duration;

/**
 * What a socket is told and held to.
 *
 * @param maxSubscriptions told to the client
 * @param heartbeat between pings of the server
 * @param pong how long the answer to a ping may take
 * @param authDeadline for the first auth frame
 * @param resumeWithin how old the next record behind a cursor may be without the right to history
 */
public record SocketSettings(
    int maxSubscriptions,
    Duration heartbeat,
    Duration pong,
    Duration authDeadline,
    Duration resumeWithin) {
  /** Largest frame, and message, of a client in bytes. */
  public static final int MAX_INBOUND_BYTES = 64 << 10;

  /** Requests that make no sense before the socket is closed with 4501. */
  static final int MAX_BAD_REQUESTS = 10;
}
