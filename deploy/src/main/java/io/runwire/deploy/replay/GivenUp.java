package io.runwire.deploy.replay;

import java.util.Optional;

/**
 * A connection that an edge gave up: events at and behind an offset were not delivered by it.
 *
 * @param connection as its welcome frame named it
 * @param subject the user, if the socket was authenticated
 * @param atMs when, in ms since 1970, by the edge's clock
 * @param cause {@code WRITE}: the socket did not drain; {@code ACK}: nothing was acknowledged
 * @param retries there were before
 * @param code with which it was closed
 */
public record GivenUp(
    String connection, Optional<String> subject, long atMs, String cause, int retries, int code) {}
