/**
 * The watchdog: every run ends. It follows the ledger's rows, and writes the RUN_ERROR of a run
 * whose agent has fallen silent or that takes too long into agent-events, where it competes with
 * the agent itself: the first record with that seq in the log wins.
 *
 * <p>Start at {@link io.runwire.processor.watchdog.Watchlist}, the rule; {@link
 * io.runwire.processor.watchdog.RoutedUpTo} says by which clock. Must not import anything of {@code
 * http} or {@code topics}.
 */
@NullMarked
package io.runwire.processor.watchdog;

import org.jspecify.annotations.NullMarked;
