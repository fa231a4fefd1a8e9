package io.runwire.edge.hub;

/** The ledger cannot be asked now; trying again later is reasonable. */
public final class LedgerUnavailableException extends Exception {
  public LedgerUnavailableException(String message) {
    super(message);
  }
}
