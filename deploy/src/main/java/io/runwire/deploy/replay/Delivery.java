package io.runwire.deploy.replay;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * An event that a connection was sent, as its edge reported it.
 *
 * @param connection as its welcome frame named it
 * @param subject the user, if the socket was authenticated
 * @param writtenAtMs when the write to the socket had ended, in ms since 1970, by the edge's clock
 * @param acknowledgedAfterMs ms from then on; without it, it is not known whether it was taken
 */
public record Delivery(
    String connection,
    Optional<String> subject,
    long writtenAtMs,
    OptionalLong acknowledgedAfterMs) {}
