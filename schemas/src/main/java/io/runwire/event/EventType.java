package io.runwire.event;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The closed set of AG-UI 1.0 event types, as {@code @ag-ui/core} 1.0.0 lists them.
 *
 * <p>The constants are the names on the wire.
 */
public enum EventType {
  RUN_STARTED,
  RUN_FINISHED,
  RUN_ERROR,
  STEP_STARTED,
  STEP_FINISHED,
  TEXT_MESSAGE_START,
  TEXT_MESSAGE_CONTENT,
  TEXT_MESSAGE_END,
  TEXT_MESSAGE_CHUNK,
  TOOL_CALL_START,
  TOOL_CALL_ARGS,
  TOOL_CALL_END,
  TOOL_CALL_CHUNK,
  TOOL_CALL_RESULT,
  REASONING_START,
  REASONING_MESSAGE_START,
  REASONING_MESSAGE_CONTENT,
  REASONING_MESSAGE_END,
  REASONING_MESSAGE_CHUNK,
  REASONING_END,
  REASONING_ENCRYPTED_VALUE,
  STATE_SNAPSHOT,
  STATE_DELTA,
  MESSAGES_SNAPSHOT,
  ACTIVITY_SNAPSHOT,
  ACTIVITY_DELTA,
  SUBAGENT_STARTED,
  SUBAGENT_FINISHED,
  SUBAGENT_ERROR,
  RAW,
  CUSTOM;

  private static final Map<String, EventType> BY_NAME =
      Arrays.stream(values())
          .collect(Collectors.toUnmodifiableMap(Enum::name, Function.identity()));

  /** The type of that name, or empty where AG-UI 1.0 knows none. */
  public static Optional<EventType> named(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** Whether this type ends an attempt of a run. */
  public boolean terminal() {
    return this == RUN_FINISHED || this == RUN_ERROR;
  }

  /**
   * Whether an attempt may begin with this type: a start, or the watchdog's verdict on a run that
   * died between two attempts.
   */
  public boolean opensAttempt() {
    return this == RUN_STARTED || this == RUN_ERROR;
  }
}
