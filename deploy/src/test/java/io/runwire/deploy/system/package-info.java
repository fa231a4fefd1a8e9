/** The whole of Runwire against a real broker, seen from outside. */
@NullMarked
package io.runwire.deploy.system;

import org.jspecify.annotations.NullMarked;
