@NullMarked
package io.runwire.processor.ledger;

import org.jspecify.annotations.NullMarked;
