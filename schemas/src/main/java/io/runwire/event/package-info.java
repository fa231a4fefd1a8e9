/**
 * What an agent's event is: the AG-UI value, the headers around it, and the reasons to refuse one.
 *
 * <p>Start at {@link io.runwire.event.Envelope}. Pure: no I/O, no clocks, no threads.
 */
@NullMarked
package io.runwire.event;

import org.jspecify.annotations.NullMarked;
