/**
 * What can go wrong, as objects that make it go wrong in a running {@link
 * io.runwire.loadtest.process.RunwireSystem} and set it right again.
 *
 * <p>Start at {@link io.runwire.loadtest.fault.Catalogue}. Judges nothing.
 */
@NullMarked
package io.runwire.loadtest.fault;

import org.jspecify.annotations.NullMarked;
