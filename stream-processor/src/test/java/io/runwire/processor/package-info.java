@NullMarked
package io.runwire.processor;

import org.jspecify.annotations.NullMarked;
