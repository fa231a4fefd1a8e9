/**
 * The run ledger: thread-events, folded into one row per run, which can be asked for.
 *
 * <p>Start at {@link io.runwire.processor.ledger.LedgerRow}; {@link
 * io.runwire.processor.ledger.LedgerFold} is the rule, {@link io.runwire.processor.ledger.Ledger}
 * what one may ask. Must not import http.
 */
@NullMarked
package io.runwire.processor.ledger;

import org.jspecify.annotations.NullMarked;
