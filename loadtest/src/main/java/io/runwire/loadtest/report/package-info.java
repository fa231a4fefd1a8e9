/**
 * What a proof says: on the console while it goes on, in a directory when it is over.
 *
 * <p>Start at {@link io.runwire.loadtest.report.ProofReport}.
 */
@NullMarked
package io.runwire.loadtest.report;

import org.jspecify.annotations.NullMarked;
