package io.runwire.event;

/** The names of a record's headers: the envelope around the AG-UI value. Values are UTF-8. */
public final class EventHeaders {
  /** Run id; required. */
  public static final String RUN = "run";

  /** Thread id, only where the record's key is not the thread. */
  public static final String THREAD = "thread";

  /** Attempt of the run, from 1; a newer attempt fences the older ones. */
  public static final String ATTEMPT = "attempt";

  /** Dense per (run, attempt), from 1; required. */
  public static final String SEQ = "seq";

  /** The AG-UI type; required. */
  public static final String TYPE = "type";

  /** On a terminal event: {@code false} if another attempt follows. */
  public static final String FINAL = "final";

  /** On RUN_STARTED: the silence in milliseconds after which the watchdog ends the run. */
  public static final String TIMEOUT_MS = "timeout-ms";

  /** On RUN_STARTED: the name of the agent, by which its runs are found; optional. */
  public static final String AGENT = "agent";

  /** W3C trace context. */
  public static final String TRACEPARENT = "traceparent";

  /** Who wrote the record: {@code agent}, {@code watchdog} or {@code rekey}. */
  public static final String ORIGIN = "origin";

  /** Written by the router alone: where in agent-events the record stood. */
  public static final String SRC = "src";

  /** Written by the router alone: how the value is encrypted; absent where it is not. */
  public static final String SEALED = "sealed";

  /** Written by the router alone, on an encrypted RUN_ERROR: the code that stands in the value. */
  public static final String ERROR_CODE = "error-code";

  /** On rejected-events: why. */
  public static final String REASON = "reason";

  /** CloudEvents binary mode, accepted on input: the run. */
  public static final String CE_SUBJECT = "ce_subject";

  /** CloudEvents binary mode, accepted on input: the AG-UI type. */
  public static final String CE_TYPE = "ce_type";

  /** CloudEvents binary mode, accepted on input: the thread. */
  public static final String CE_PARTITION_KEY = "ce_partitionkey";

  /** CloudEvents binary mode, accepted on input: seq. */
  public static final String CE_SEQUENCE = "ce_sequence";

  private EventHeaders() {}
}
