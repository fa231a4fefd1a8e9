/**
 * The WebSocket {@code runwire.v1} on Jetty's core API.
 *
 * <p>Start at {@link io.runwire.edge.socket.WebSocketSession}. Must not import Kafka.
 */
@NullMarked
package io.runwire.edge.socket;

import org.jspecify.annotations.NullMarked;
