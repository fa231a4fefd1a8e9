package io.runwire.producer.log;

import io.runwire.event.Ids;

/**
 * One attempt of a run: what has exactly one writer and its own dense numbering.
 *
 * @param thread the conversation it belongs to
 * @param run the run, the same over all its attempts
 * @param attempt from 1; a newer attempt fences the older ones
 */
public record RunAttempt(String thread, String run, int attempt) {
  public RunAttempt {
    Ids.require("thread", thread);
    Ids.require("run", run);
    if (attempt < 1) {
      throw new IllegalArgumentException("attempt: " + attempt + " (expected: >= 1)");
    }
  }

  @Override
  public String toString() {
    return "run " + run + " attempt " + attempt + " of thread " + thread;
  }
}
