/**
 * Clients that know nothing but the wire contract.
 *
 * <p>Start at {@link io.runwire.loadtest.drive.WireClient}. Must not import the edge's code.
 */
@NullMarked
package io.runwire.loadtest.drive;

import org.jspecify.annotations.NullMarked;
