/**
 * The one rule that turns an at-least-once log into exactly-once reading, shared by every reader:
 * edge, SDK (its JavaScript twin), ledger, replay and checker.
 *
 * <p>Start at {@link io.runwire.fold.Fold}. Pure; an instance belongs to one thread.
 */
@NullMarked
package io.runwire.fold;

import org.jspecify.annotations.NullMarked;
