package io.runwire.processor.watchdog;

/** Why the watchdog ends a run; the names are the RUN_ERROR's {@code code}. */
public enum EndCode {
  /** Nothing was heard of its agent for longer than the run's timeout. */
  AGENT_LOST,
  /** It took longer than any run may. */
  TIMEOUT
}
