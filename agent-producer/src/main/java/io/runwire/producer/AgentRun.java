package io.runwire.producer;

import io.runwire.producer.log.RunAttempt;
import io.runwire.producer.log.RunLane;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One attempt of a run, as its agent writes it: reasoning, tool calls, messages, and one end.
 *
 * <p>Close it: without {@link #complete} or {@link #fail} that is an error with the code {@link
 * #NOT_COMPLETED}, so a run whose agent threw does not look as if it were still going. Whatever is
 * open when the run ends is closed before.
 *
 * <p>Safe from any thread; what several threads write appears in the order of their calls. A call
 * hands its events to a window in memory and returns; only if that is full does it wait, at most
 * {@link RunLimits#appendBound}. Ending and closing never wait for room. All calls may throw:
 *
 * <ul>
 *   <li>{@link BackPressureException}: no room in time. Nothing of the call was written.
 *   <li>{@link EventTooLargeException}: nothing of the call was written. Text that is streamed is
 *       cut instead.
 *   <li>{@link RunFailedException}: the run is lost.
 *   <li>{@link IllegalStateException}: the run has ended.
 * </ul>
 */
public final class AgentRun implements AutoCloseable {
  /** The error code of a run that was closed without an end. */
  public static final String NOT_COMPLETED = "NOT_COMPLETED";

  /** The error code of a run that ended with an exception of its agent's. */
  public static final String AGENT_ERROR = "AGENT_ERROR";

  private final RunAttempt attempt;
  private final RunWriter writer;
  private final RunLane lane;
  private final UnaryOperator<String> ids;
  private final Duration closeBound;
  private final Runnable onEnd;

  AgentRun(
      RunAttempt attempt,
      RunWriter writer,
      RunLane lane,
      UnaryOperator<String> ids,
      Duration closeBound,
      Runnable onEnd) {
    this.attempt = attempt;
    this.writer = writer;
    this.lane = lane;
    this.ids = ids;
    this.closeBound = closeBound;
    this.onEnd = onEnd;
  }

  public String thread() {
    return attempt.thread();
  }

  /** The run's id, the same over all its attempts. */
  public String id() {
    return attempt.run();
  }

  public int attempt() {
    return attempt.attempt();
  }

  /** Says what the agent thinks. */
  public void reasoning(String text) {
    write(new Reasoning(writer, ids.apply("msg")).whole(text));
  }

  /** Opens reasoning that arrives in pieces. */
  public Reasoning reasoning() {
    return open(new Reasoning(writer, ids.apply("msg")));
  }

  /** Says something to the user. */
  public void message(String text) {
    write(new TextMessage(writer, ids.apply("msg")).whole(text));
  }

  /** Opens a message to the user that arrives in pieces. */
  public TextMessage message() {
    return open(new TextMessage(writer, ids.apply("msg")));
  }

  /**
   * Opens the call of a tool.
   *
   * @param args its arguments, a JSON object: a map, a record, a JsonNode, or JSON text
   */
  public ToolCall toolCall(String name, Object args) {
    return open(new ToolCall(writer, name, Optional.of(EventEncoder.text(args)), ids));
  }

  /** Opens the call of a tool whose arguments arrive in pieces. */
  public ToolCall toolCall(String name) {
    return open(new ToolCall(writer, name, Optional.empty(), ids));
  }

  /**
   * Opens a named part of the work.
   *
   * @throws IllegalStateException also if a step of that name is open, since AG-UI tells them apart
   *     by name
   */
  public Step step(String name) {
    try (RunWriter.Turn turn = writer.turn()) {
      if (turn.stepIsOpen(name)) {
        throw new IllegalStateException("step " + name + " of " + attempt + " is open already");
      }
      Step step = new Step(writer, name);
      turn.open(step);
      return step;
    }
  }

  /** Writes an event of the agent's own: AG-UI's CUSTOM. */
  public void custom(String name, Object value) {
    write(List.of(AgUi.custom(name, EventEncoder.json(value))));
  }

  /** Replaces the state that agent and user share. */
  public void state(Object snapshot) {
    write(List.of(AgUi.stateSnapshot(EventEncoder.json(snapshot))));
  }

  /** Ends the run well. */
  public void complete() {
    end(AgUi.runFinished(attempt));
  }

  /** Ends the run well, with what came of it. */
  public void complete(Object result) {
    end(AgUi.runFinished(attempt, EventEncoder.json(result)));
  }

  /**
   * Ends the run with an error.
   *
   * @param code for programs, e.g. {@code QUOTA_EXCEEDED}
   * @param message for people; cut after some thousand chars
   */
  public void fail(String code, String message) {
    end(AgUi.runError(code, message));
  }

  /** Ends the run with an error; watchers see the exception's kind and message. */
  public void fail(Throwable cause) {
    fail(AGENT_ERROR, AgUi.describe(cause));
  }

  /** Ends this attempt with an error and announces that another one follows. */
  public void failAttempt(String code, String message) {
    end(AgUi.attemptError(code, message));
  }

  /**
   * Waits until everything written so far stands in the log, in order.
   *
   * @return false if the bound passed, or the thread was interrupted, before
   * @throws RunFailedException if it never will
   */
  public boolean awaitSettled(Duration bound) {
    return switch (lane.awaitSettled(bound)) {
      case SETTLED -> true;
      case UNSETTLED -> false;
      case FAILED -> throw writer.failed();
    };
  }

  /**
   * Ends the run if it has not ended, and waits until all of it is settled.
   *
   * @throws UnsettledException if it is not after {@link RunLimits#closeBound}, or when
   *     interrupted; it is still being sent until its {@link Runwire} is closed
   * @throws RunFailedException if it never will be
   */
  @Override
  public void close() {
    endIfGoing(NOT_COMPLETED, "The agent stopped without completing the run.");
    if (!awaitSettled(closeBound)) {
      boolean interrupted = Thread.currentThread().isInterrupted();
      throw new UnsettledException(
          attempt
              + ": not settled "
              + (interrupted ? "until interrupted" : "within " + closeBound));
    }
  }

  void start(Draft started) {
    write(List.of(started));
  }

  /** Ends the run with an error, unless it has ended. */
  void endIfGoing(String code, String message) {
    endOnce(AgUi.runError(code, message));
  }

  private void end(Draft terminal) {
    if (!endOnce(terminal)) {
      throw new IllegalStateException(attempt + " has ended");
    }
  }

  private boolean endOnce(Draft terminal) {
    boolean ending = false;
    try {
      ending = writer.end(terminal);
    } catch (RunFailedException e) {
      onEnd.run();
      throw e;
    }
    if (ending) {
      onEnd.run();
    }
    return ending;
  }

  private void write(List<Draft> events) {
    try (RunWriter.Turn turn = writer.turn()) {
      turn.write(events);
    }
  }

  private <B extends Bracket> B open(B bracket) {
    try (RunWriter.Turn turn = writer.turn()) {
      turn.open(bracket);
    }
    return bracket;
  }
}
