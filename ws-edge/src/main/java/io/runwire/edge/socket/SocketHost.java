package io.runwire.edge.socket;

import io.runwire.edge.access.TokenVerifier;
import io.runwire.edge.bounds.Deadlines;
import io.runwire.edge.bounds.Places;
import io.runwire.edge.hub.Hub;
import java.time.Clock;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What all sockets of a node share.
 *
 * @param clock for the end of tokens, which is a time of day
 * @param timer cuts off those that do not close
 */
public record SocketHost(
    Hub hub,
    TokenVerifier verifier,
    Places places,
    Deadlines deadlines,
    SocketSettings settings,
    Clock clock,
    ScheduledExecutorService timer) {}
