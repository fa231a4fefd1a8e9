package io.runwire.producer;

import java.util.Optional;

/**
 * A part of a run that ends on its own, before the run does. Closing it closes what it has open,
 * and from then on refuses what it writes, so that a sub-agent that was given up cannot speak any
 * more while its run goes on.
 */
public final class RunBranch extends RunScope implements AutoCloseable {
  RunBranch(RunScope parent) {
    super(parent.attempt, parent.writer, parent.ids, Optional.of(parent));
  }

  /**
   * Ends the branch, not its run. Never waits for room; does nothing if either has ended.
   *
   * @throws RunFailedException if the run has failed
   */
  @Override
  public void close() {
    writer.end(this);
  }

  @Override
  public String toString() {
    return "a branch of " + attempt;
  }
}
