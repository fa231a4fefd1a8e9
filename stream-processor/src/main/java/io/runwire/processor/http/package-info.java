/**
 * The processor's two ports: the ledger for the edges, and management.
 *
 * <p>Start at {@link io.runwire.processor.http.LedgerHandler}. Knows the ledger by its interface
 * and nothing of Kafka.
 */
@NullMarked
package io.runwire.processor.http;

import org.jspecify.annotations.NullMarked;
