/** Clocks. Must not import anything of the edge. */
@NullMarked
package io.runwire.edge.time;

import org.jspecify.annotations.NullMarked;
