/**
 * The router's side of payload encryption: threads' keys made, and destroyed.
 *
 * <p>Start at {@link io.runwire.processor.keys.RouterKeys}; {@link
 * io.runwire.processor.keys.ThreadErasure} is what {@code runwire erase} does.
 */
@NullMarked
package io.runwire.processor.keys;

import org.jspecify.annotations.NullMarked;
