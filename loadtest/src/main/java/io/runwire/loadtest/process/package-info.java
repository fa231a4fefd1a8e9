/**
 * The processes that a test or the quickstart needs around itself, for real.
 *
 * <p>Start at {@link io.runwire.loadtest.process.EmbeddedKafka}. Knows nothing of Runwire's own
 * topics and processes.
 */
@NullMarked
package io.runwire.loadtest.process;

import org.jspecify.annotations.NullMarked;
