/**
 * The proof: a whole system is started, driven, broken on purpose, and judged by what its agents
 * and clients have written down.
 *
 * <p>Start at {@link io.runwire.loadtest.proof.Proof}.
 */
@NullMarked
package io.runwire.loadtest.proof;

import org.jspecify.annotations.NullMarked;
