@NullMarked
package io.runwire.processor.topology;

import org.jspecify.annotations.NullMarked;
