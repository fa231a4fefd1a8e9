@NullMarked
package io.runwire.loadtest.process;

import org.jspecify.annotations.NullMarked;
