package io.runwire.producer;

import io.runwire.producer.log.RunAttempt;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * What an agent says in a run: reasoning, tool calls, messages, steps. The whole {@link AgentRun},
 * or a {@link RunBranch} of it.
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
 *   <li>{@link IllegalStateException}: the run, or this branch of it, has ended. So is a thread
 *       answered that was given up and writes late.
 * </ul>
 */
public abstract sealed class RunScope permits AgentRun, RunBranch {
  final RunAttempt attempt;
  final RunWriter writer;
  final UnaryOperator<String> ids;
  final Optional<RunScope> parent;
  boolean over; // guarded by the writer's lock

  RunScope(
      RunAttempt attempt, RunWriter writer, UnaryOperator<String> ids, Optional<RunScope> parent) {
    this.attempt = attempt;
    this.writer = writer;
    this.ids = ids;
    this.parent = parent;
  }

  public final String thread() {
    return attempt.thread();
  }

  /** The run's id, the same over all its attempts. */
  public final String id() {
    return attempt.run();
  }

  public final int attempt() {
    return attempt.attempt();
  }

  /** Says what the agent thinks. */
  public final void reasoning(String text) {
    write(new Reasoning(writer, ids.apply("msg")).whole(text));
  }

  /** Opens reasoning that arrives in pieces. */
  public final Reasoning reasoning() {
    return open(new Reasoning(writer, ids.apply("msg")));
  }

  /** Says something to the user. */
  public final void message(String text) {
    write(new TextMessage(writer, ids.apply("msg")).whole(text));
  }

  /** Opens a message to the user that arrives in pieces. */
  public final TextMessage message() {
    return open(new TextMessage(writer, ids.apply("msg")));
  }

  /**
   * Opens the call of a tool.
   *
   * @param args its arguments, a JSON object: a map, a record, a JsonNode, or JSON text
   */
  public final ToolCall toolCall(String name, Object args) {
    return open(new ToolCall(writer, name, Optional.of(EventEncoder.text(args)), ids));
  }

  /** Opens the call of a tool whose arguments arrive in pieces. */
  public final ToolCall toolCall(String name) {
    return open(new ToolCall(writer, name, Optional.empty(), ids));
  }

  /**
   * Opens a named part of the work.
   *
   * @throws IllegalStateException also if a step of that name is open, since AG-UI tells them apart
   *     by name
   */
  public final Step step(String name) {
    try (RunWriter.Turn turn = writer.turn(this)) {
      if (turn.stepIsOpen(name)) {
        throw new IllegalStateException("step " + name + " of " + attempt + " is open already");
      }
      Step step = new Step(writer, name);
      turn.open(step);
      return step;
    }
  }

  /** Writes an event of the agent's own: AG-UI's CUSTOM. */
  public final void custom(String name, Object value) {
    write(List.of(AgUi.custom(name, EventEncoder.json(value))));
  }

  /** Replaces the state that agent and user share. */
  public final void state(Object snapshot) {
    write(List.of(AgUi.stateSnapshot(EventEncoder.json(snapshot))));
  }

  /**
   * A part of this that can be ended on its own, for work that goes on beside other work: a
   * sub-agent, or a tool that reports as it goes.
   */
  public final RunBranch branch() {
    return new RunBranch(this);
  }

  /** Whether this or what it is a part of has been ended; in the writer's turn. */
  final boolean isOver() {
    return over || parent.map(RunScope::isOver).orElse(false);
  }

  final boolean isWithin(RunScope scope) {
    return this == scope || parent.map(outer -> outer.isWithin(scope)).orElse(false);
  }

  final void write(List<Draft> events) {
    try (RunWriter.Turn turn = writer.turn(this)) {
      turn.write(events);
    }
  }

  private <B extends Bracket> B open(B bracket) {
    try (RunWriter.Turn turn = writer.turn(this)) {
      turn.open(bracket);
    }
    return bracket;
  }
}
