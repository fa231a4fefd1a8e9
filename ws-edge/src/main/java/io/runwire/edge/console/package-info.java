/**
 * The console's pages, and what only a development edge adds to them.
 *
 * <p>Start at {@link io.runwire.edge.console.ConsoleHandler}.
 */
@NullMarked
package io.runwire.edge.console;

import org.jspecify.annotations.NullMarked;
