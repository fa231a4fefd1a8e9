@NullMarked
package io.runwire.loadtest.fault;

import org.jspecify.annotations.NullMarked;
