/**
 * Server-sent events, the ledger and routing over HTTP, and the public server that serves them.
 *
 * <p>Start at {@link io.runwire.edge.http.PublicServer}. Must not import Kafka's clients.
 */
@NullMarked
package io.runwire.edge.http;

import org.jspecify.annotations.NullMarked;
