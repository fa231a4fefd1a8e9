package io.runwire.processor.topics;

import java.util.List;

/** The topics cannot keep what is promised on them; lists everything that is wrong. */
public final class TopicsDoNotFitException extends RuntimeException {
  private final List<String> violations;

  TopicsDoNotFitException(List<String> violations) {
    super("the topics do not fit:\n  " + String.join("\n  ", violations));
    this.violations = List.copyOf(violations);
  }

  /** One line each: topic, setting, found, expected. */
  public List<String> violations() {
    return violations;
  }
}
