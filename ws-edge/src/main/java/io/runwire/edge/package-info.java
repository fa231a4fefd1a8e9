/**
 * An edge node: Kafka to socket.
 *
 * <p>Start at {@link io.runwire.edge.RunwireEdge}, which wires feed, hub, socket and http.
 */
@NullMarked
package io.runwire.edge;

import org.jspecify.annotations.NullMarked;
