/**
 * Plays a recorded run of a real coding agent: its thoughts, commands and their outputs, byte for
 * byte, in recorded or accelerated time.
 *
 * <p>Start at {@link io.runwire.deploy.play.TrajectoryPlayer}. Knows agents' API, and nothing of
 * Kafka, edges or the command line.
 */
@NullMarked
package io.runwire.deploy.play;

import org.jspecify.annotations.NullMarked;
