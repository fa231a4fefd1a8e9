package io.runwire.processor.ledger;

import java.util.Arrays;
import java.util.Optional;

/** How a run stands. */
public enum RunStatus {
  RUNNING,
  /** The last attempt ended with {@code final:false} and the next has not started. */
  RETRYING,
  FINISHED,
  ERROR;

  /** The status of that name, or empty where there is none. */
  public static Optional<RunStatus> named(String name) {
    return Arrays.stream(values()).filter(status -> status.name().equals(name)).findFirst();
  }
}
