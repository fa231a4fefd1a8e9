@NullMarked
package io.runwire.loadtest.drive;

import org.jspecify.annotations.NullMarked;
