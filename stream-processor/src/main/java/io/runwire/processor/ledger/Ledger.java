package io.runwire.processor.ledger;

import java.util.List;
import java.util.Optional;

/** What one may ask the ledger. Thread-safe; every list is newest first. */
public interface Ledger {
  /**
   * A run.
   *
   * @throws LedgerUnavailableException while a part of the ledger that may have it is not at hand
   */
  Optional<LedgerRow> run(String run);

  /**
   * The newest runs of all threads.
   *
   * @throws LedgerUnavailableException while nothing of the ledger is at hand
   */
  Runs runs(RunFilter wanted);

  /**
   * The newest runs of a thread.
   *
   * @throws LedgerUnavailableException while the thread's part of the ledger is not at hand
   */
  ThreadRuns runsOf(String thread, RunFilter wanted);

  /**
   * Runs of all threads.
   *
   * @param partial whether a part of the ledger gave no answer, or not all of it was looked at
   */
  record Runs(List<LedgerRow> runs, boolean partial) {}

  /**
   * A thread's runs, with how far its partition had been read <em>before</em> they were: a run that
   * is not among them has its first record at that position or behind.
   */
  record ThreadRuns(LedgerPosition position, List<LedgerRow> runs) {}
}
