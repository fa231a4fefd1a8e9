package io.runwire.processor.ledger;

import io.runwire.fold.Verdict;

/** Who counts what the ledger does. Called on the stream threads; must be thread-safe. */
public interface LedgerCounts {
  /** A record was folded, and passed or was skipped. */
  void folded(Verdict verdict);

  /** A record that the router does not write: no event, or of a run of another thread. */
  void unreadable();
}
