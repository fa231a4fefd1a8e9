@NullMarked
package io.runwire.loadtest.guarantee;

import org.jspecify.annotations.NullMarked;
