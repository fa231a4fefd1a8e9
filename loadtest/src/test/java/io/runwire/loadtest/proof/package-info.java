@NullMarked
package io.runwire.loadtest.proof;

import org.jspecify.annotations.NullMarked;
