@NullMarked
package io.runwire.processor.audit;

import org.jspecify.annotations.NullMarked;
