/**
 * An edge's settings, in groups: each record defines its keys and reads itself.
 *
 * <p>Start at {@link io.runwire.edge.EdgeConfig}, which composes them. The keys are public API and
 * carry their units. Imports nothing else of the edge, so that every package may take its group.
 */
@NullMarked
package io.runwire.edge.settings;

import org.jspecify.annotations.NullMarked;
