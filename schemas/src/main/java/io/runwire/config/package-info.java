/**
 * How configuration is read, alike in every process: keys are declared once with type, default and
 * check; an unknown key or a bad value refuses the start and is named.
 */
@NullMarked
package io.runwire.config;

import org.jspecify.annotations.NullMarked;
