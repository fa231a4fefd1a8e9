/**
 * The notary: reads thread-events behind everybody else, signs what lies there, and writes the
 * checkpoints to Kafka and to a file outside of it.
 *
 * <p>Start at {@link io.runwire.processor.audit.Notary}. What is signed and how it is proven is in
 * {@code io.runwire.audit}. Must not know the router or the ledger.
 */
@NullMarked
package io.runwire.processor.audit;

import org.jspecify.annotations.NullMarked;
