/**
 * What an edge answers to peers that mean harm or are broken.
 *
 * <p>Start at {@link io.runwire.edge.hostile.BadInputsTest}. The answers are published as {@code
 * docs/bad-inputs.md}.
 */
@NullMarked
package io.runwire.edge.hostile;

import org.jspecify.annotations.NullMarked;
