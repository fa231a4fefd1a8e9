/**
 * The promises of Runwire as objects that look for a broken one in the journals of a run.
 *
 * <p>Start at {@link io.runwire.loadtest.guarantee.Judge}; {@link
 * io.runwire.loadtest.guarantee.Guarantee} tells which promise owns which misbehaviour. Knows
 * nothing of how the run was driven.
 */
@NullMarked
package io.runwire.loadtest.guarantee;

import org.jspecify.annotations.NullMarked;
