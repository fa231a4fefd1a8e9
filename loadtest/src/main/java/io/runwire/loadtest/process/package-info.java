/**
 * The processes that a test, the quickstart or a proof needs around itself, for real: a broker in
 * this process ({@link io.runwire.loadtest.process.EmbeddedKafka}), or a whole system in processes
 * of their own, with a network between them that can be disturbed.
 *
 * <p>Start at {@link io.runwire.loadtest.process.RunwireSystem}. Knows Runwire's programs by their
 * command line and settings alone.
 */
@NullMarked
package io.runwire.loadtest.process;

import org.jspecify.annotations.NullMarked;
