@NullMarked
package io.runwire.processor.http;

import org.jspecify.annotations.NullMarked;
