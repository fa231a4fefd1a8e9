/**
 * What operators see: metrics, health.
 *
 * <p>Start at {@link io.runwire.edge.ops.ManagementServer}.
 */
@NullMarked
package io.runwire.edge.ops;

import org.jspecify.annotations.NullMarked;
