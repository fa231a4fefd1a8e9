@NullMarked
package io.runwire.loadtest.report;

import org.jspecify.annotations.NullMarked;
