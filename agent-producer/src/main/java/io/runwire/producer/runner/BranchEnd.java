package io.runwire.producer.runner;

import java.util.Optional;

/** What became of a {@link Branch}. */
public sealed interface BranchEnd {
  String name();

  /**
   * It returned.
   *
   * @param result what it set, see {@link AgentContext#result(Object)}
   */
  record Finished(String name, Optional<Object> result) implements BranchEnd {}

  /** It threw, or there was no room for it. */
  record Failed(String name, Throwable cause) implements BranchEnd {}

  /** It was not done in time and was given up; what it still writes is refused. */
  record TimedOut(String name) implements BranchEnd {}
}
