@NullMarked
package io.runwire.processor.topics;

import org.jspecify.annotations.NullMarked;
