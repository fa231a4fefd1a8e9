package io.runwire.producer;

import java.util.List;

/**
 * Something that a run has open until it is closed: by its own {@code close()}, or by the end of
 * the run, which closes what is still open, innermost first.
 */
abstract sealed class Bracket implements AutoCloseable
    permits Reasoning, Step, TextMessage, ToolCall {
  final RunWriter writer;

  Bracket(RunWriter writer) {
    this.writer = writer;
  }

  /** The events that open it. */
  abstract List<Draft> opening();

  /** The events that close it as it stands. Changes nothing; called in the run's turn. */
  abstract List<Draft> closing();

  /**
   * Closes it. Never waits for room; does nothing if it has been closed.
   *
   * @throws RunFailedException if the run has failed
   */
  @Override
  public final void close() {
    writer.close(this);
  }
}
