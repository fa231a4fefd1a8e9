@NullMarked
package io.runwire.loadtest.journal;

import org.jspecify.annotations.NullMarked;
