/**
 * The heart of the edge: windows on the log, subscriptions that are cursors, and the loops that
 * push. Knows neither Kafka nor Jetty: {@link io.runwire.edge.hub.LogSource} says what it needs of
 * the log, {@link io.runwire.edge.hub.Outlet} what it needs of a socket.
 *
 * <p>Start at {@link io.runwire.edge.hub.Subscription}. Which thread owns what stands in {@code
 * docs/threading.md}.
 */
@NullMarked
package io.runwire.edge.hub;

import org.jspecify.annotations.NullMarked;
