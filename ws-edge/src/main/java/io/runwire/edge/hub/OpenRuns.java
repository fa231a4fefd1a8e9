package io.runwire.edge.hub;

import java.util.concurrent.CompletionStage;

/** What the hub needs of the ledger: where a thread's oldest run that is still going begins. */
public interface OpenRuns {
  /** Completes exceptionally when the ledger cannot be asked. */
  CompletionStage<Start> start(String thread);

  /**
   * Where to begin.
   *
   * @param offset in thread-events from which everything of the thread's open runs can be read
   * @param sourceFloor the highest source offset behind that position
   */
  record Start(long offset, long sourceFloor) {}
}
