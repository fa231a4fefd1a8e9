/**
 * How many may be connected, how much each may ask, and when what was promised is due.
 *
 * <p>Start at {@link io.runwire.edge.bounds.Places}. Must not import Kafka's clients, Jetty, or
 * anything of the edge but its settings: sockets and streams come here, not the other way round.
 */
@NullMarked
package io.runwire.edge.bounds;

import org.jspecify.annotations.NullMarked;
