/**
 * Evidence of delivery: what the hub reports, as records of edge-deliveries.
 *
 * <p>Start at {@link io.runwire.edge.evidence.EvidenceWriter}. Must not import Jetty.
 */
@NullMarked
package io.runwire.edge.evidence;

import org.jspecify.annotations.NullMarked;
