package io.runwire.producer;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.runwire.event.EventHeaders;
import io.runwire.event.EventType;
import io.runwire.producer.log.RunAttempt;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** The AG-UI events that a run writes, in the form that both 1.0.0 and 0.0.59 accept. */
final class AgUi {
  /** An error is read by people; what is longer is cut. */
  private static final int MAX_ERROR_CHARS = 4_096;

  private AgUi() {}

  static Draft runStarted(
      RunAttempt attempt, RunOptions options, Duration timeout, String inputMessageId) {
    ObjectNode body = runIds(attempt);
    options.parentRun().ifPresent(parent -> body.put("parentRunId", parent));
    options.input().ifPresent(text -> body.set("input", input(attempt, inputMessageId, text)));
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(EventHeaders.TIMEOUT_MS, Long.toString(timeout.toMillis()));
    options.agent().ifPresent(name -> headers.put(EventHeaders.AGENT, name));
    return new Draft(EventType.RUN_STARTED, body, headers);
  }

  static Draft end(RunAttempt attempt, RunEnd end) {
    if (end instanceof RunEnd.Completed completed) {
      ObjectNode body = runIds(attempt);
      completed
          .result()
          .ifPresent(result -> body.putRawValue("result", new RawValue(EventEncoder.json(result))));
      return new Draft(EventType.RUN_FINISHED, body);
    } else if (end instanceof RunEnd.Failed failed) {
      return new Draft(
          EventType.RUN_ERROR, error(failed.code(), failed.message(), failed.details()));
    } else if (end instanceof RunEnd.FailedAttempt failed) {
      return new Draft(
          EventType.RUN_ERROR,
          error(failed.code(), failed.message(), failed.details()),
          Map.of(EventHeaders.FINAL, "false"));
    }
    throw new AssertionError(end);
  }

  static Draft textStart(String messageId) {
    return new Draft(EventType.TEXT_MESSAGE_START, message(messageId).put("role", "assistant"));
  }

  static Draft textContent(String messageId, String delta) {
    return new Draft(EventType.TEXT_MESSAGE_CONTENT, message(messageId).put("delta", delta));
  }

  static Draft textEnd(String messageId) {
    return new Draft(EventType.TEXT_MESSAGE_END, message(messageId));
  }

  static Draft reasoningStart(String messageId) {
    return new Draft(EventType.REASONING_START, message(messageId));
  }

  static Draft reasoningMessageStart(String messageId) {
    return new Draft(
        EventType.REASONING_MESSAGE_START, message(messageId).put("role", "reasoning"));
  }

  static Draft reasoningContent(String messageId, String delta) {
    return new Draft(EventType.REASONING_MESSAGE_CONTENT, message(messageId).put("delta", delta));
  }

  static Draft reasoningMessageEnd(String messageId) {
    return new Draft(EventType.REASONING_MESSAGE_END, message(messageId));
  }

  static Draft reasoningEnd(String messageId) {
    return new Draft(EventType.REASONING_END, message(messageId));
  }

  static Draft toolStart(String callId, String name) {
    return new Draft(EventType.TOOL_CALL_START, call(callId).put("toolCallName", name));
  }

  static Draft toolArgs(String callId, String delta) {
    return new Draft(EventType.TOOL_CALL_ARGS, call(callId).put("delta", delta));
  }

  static Draft toolEnd(String callId) {
    return new Draft(EventType.TOOL_CALL_END, call(callId));
  }

  static Draft toolResult(String messageId, String callId, String content) {
    return new Draft(
        EventType.TOOL_CALL_RESULT,
        message(messageId).put("toolCallId", callId).put("content", content).put("role", "tool"));
  }

  /** A result that tells of a failure; AG-UI has no field for that, but room for metadata. */
  static Draft toolFailure(String messageId, String callId, String error) {
    Draft result = toolResult(messageId, callId, shorten(error));
    result.body().putObject("metadata").putObject("runwire").put("failed", true);
    return result;
  }

  static Draft stepStarted(String name) {
    return new Draft(EventType.STEP_STARTED, object().put("stepName", name));
  }

  static Draft stepFinished(String name) {
    return new Draft(EventType.STEP_FINISHED, object().put("stepName", name));
  }

  static Draft custom(String name, String valueJson) {
    return new Draft(
        EventType.CUSTOM, object().put("name", name).putRawValue("value", new RawValue(valueJson)));
  }

  static Draft stateSnapshot(String snapshotJson) {
    return new Draft(
        EventType.STATE_SNAPSHOT, object().putRawValue("snapshot", new RawValue(snapshotJson)));
  }

  /** An exception as people read it. */
  static String describe(Throwable error) {
    String name = error.getClass().getSimpleName();
    return error.getMessage() == null ? name : name + ": " + error.getMessage();
  }

  /** The request as AG-UI describes one: 0.0.59 wants tools and context, even if empty. */
  private static ObjectNode input(RunAttempt attempt, String messageId, String text) {
    ObjectNode input = runIds(attempt);
    input
        .putArray("messages")
        .addObject()
        .put("id", messageId)
        .put("role", "user")
        .put("content", text);
    input.putArray("tools");
    input.putArray("context");
    return input;
  }

  private static ObjectNode error(String code, String message, Map<String, Object> details) {
    ObjectNode error = object().put("message", shorten(message)).put("code", shorten(code));
    if (!details.isEmpty()) {
      error.putObject("metadata").putRawValue("runwire", new RawValue(EventEncoder.json(details)));
    }
    return error;
  }

  private static ObjectNode runIds(RunAttempt attempt) {
    return object().put("threadId", attempt.thread()).put("runId", attempt.run());
  }

  private static ObjectNode message(String id) {
    return object().put("messageId", id);
  }

  private static ObjectNode call(String id) {
    return object().put("toolCallId", id);
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static String shorten(String text) {
    return text.length() > MAX_ERROR_CHARS ? text.substring(0, MAX_ERROR_CHARS) + "…" : text;
  }
}
