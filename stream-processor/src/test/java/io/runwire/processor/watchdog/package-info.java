@NullMarked
package io.runwire.processor.watchdog;

import org.jspecify.annotations.NullMarked;
