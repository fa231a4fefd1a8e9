package io.runwire.processor.ledger;

import org.jspecify.annotations.Nullable;

/** The part of the ledger that was asked for is not at hand now: starting, moving, stopping. */
public final class LedgerUnavailableException extends RuntimeException {
  public LedgerUnavailableException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
