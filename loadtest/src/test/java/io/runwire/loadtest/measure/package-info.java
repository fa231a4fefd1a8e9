@NullMarked
package io.runwire.loadtest.measure;

import org.jspecify.annotations.NullMarked;
