package io.runwire.producer.runner;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** A run that was handed to a runner. Safe from any thread. */
public final class RunHandle {
  private final SupervisedRun run;

  RunHandle(SupervisedRun run) {
    this.run = run;
  }

  public String thread() {
    return run.latest().thread();
  }

  /** The run's id, the same over all its attempts. */
  public String id() {
    return run.latest().id();
  }

  /** Ends the run from outside, in whatever attempt or pause it is; does nothing if it is over. */
  public void cancel() {
    run.cancel(Outcome.CANCELLED);
  }

  /** What becomes of the run; never completes exceptionally. Completing it changes nothing. */
  public CompletableFuture<Outcome> outcome() {
    return run.outcome().copy();
  }

  /**
   * Waits until everything written so far stands in the log, in order.
   *
   * @return false if the bound passed, or the thread was interrupted, before
   * @throws io.runwire.producer.RunFailedException if it never will
   */
  public boolean awaitSettled(Duration bound) {
    return run.latest().awaitSettled(bound);
  }
}
