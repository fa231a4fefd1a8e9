/**
 * What travels between edge and client: frames, close codes, error codes.
 *
 * <p>Start at {@link io.runwire.frame.ServerFrame} and {@link io.runwire.frame.ClientFrame}. Pure.
 */
@NullMarked
package io.runwire.frame;

import org.jspecify.annotations.NullMarked;
