/**
 * Who may read what: tokens, and the rights they grant.
 *
 * <p>Start at {@link io.runwire.edge.access.TokenVerifier}. Knows neither sockets nor Kafka.
 */
@NullMarked
package io.runwire.edge.access;

import org.jspecify.annotations.NullMarked;
