/**
 * Server-sent events, the ledger and routing over HTTP.
 *
 * <p>Start at {@link io.runwire.edge.http.ApiHandler}. Must not import Kafka's clients.
 */
@NullMarked
package io.runwire.edge.http;

import org.jspecify.annotations.NullMarked;
