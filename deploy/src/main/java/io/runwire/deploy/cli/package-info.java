/**
 * The command line.
 *
 * <p>Start at {@link io.runwire.deploy.cli.RunwireCommand}.
 */
@NullMarked
package io.runwire.deploy.cli;

import org.jspecify.annotations.NullMarked;
