package io.runwire.producer;

import io.runwire.event.EventType;
import io.runwire.event.EventValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One call of a tool: its arguments, then at most one result. Several may be open at once, and a
 * call may be used from any thread.
 *
 * <p>Closed without a result, none is written: such is a call that someone else carries out, for
 * instance the user's browser, and whose result belongs to a later run. If the tool failed, say so
 * by {@link #failed}.
 */
public final class ToolCall extends Bracket {
  private final String id;
  private final String name;
  private final Optional<String> wholeArgs;
  private final UnaryOperator<String> ids;
  private final TextStream args;
  private boolean argsComplete; // in the run's turn
  private boolean answered; // in the run's turn

  /**
   * @param wholeArgs the arguments, where they are known from the start
   */
  ToolCall(RunWriter writer, String name, Optional<String> wholeArgs, UnaryOperator<String> ids) {
    super(writer);
    this.id = ids.apply("call");
    this.name = name;
    this.wholeArgs = wholeArgs;
    this.argsComplete = wholeArgs.isPresent();
    this.ids = ids;
    this.args = new TextStream(delta -> AgUi.toolArgs(id, delta));
  }

  public String id() {
    return id;
  }

  /**
   * Appends to the arguments, a JSON text that is streamed in pieces.
   *
   * @throws BackPressureException if there was no room in time; nothing was written
   * @throws RunFailedException if the run has failed
   * @throws IllegalStateException if the arguments are complete, the call is closed or the run has
   *     ended
   */
  public void argsDelta(String piece) {
    try (RunWriter.Turn turn = writer.turn(this)) {
      if (argsComplete) {
        throw new IllegalStateException(this + ": its arguments are complete");
      }
      args.write(turn, piece);
    }
  }

  /**
   * Tells that the arguments are complete, so that watchers see the tool at work. A result implies
   * it.
   */
  public void argsComplete() {
    try (RunWriter.Turn turn = writer.turn(this)) {
      turn.write(endOfArgs());
      argsComplete = true;
    }
  }

  /**
   * What the tool returned: a string as it is, anything else as JSON.
   *
   * @throws EventTooLargeException if it does not fit into one event: nothing was written, and a
   *     shorter one may follow
   * @throws BackPressureException if there was no room in time; nothing was written
   * @throws RunFailedException if the run has failed
   * @throws IllegalStateException if there is a result, the call is closed or the run has ended
   */
  public void result(Object result) {
    String content = EventEncoder.text(result);
    if (content.length() > EventValue.MAX_BYTES) { // before a giant is encoded; a char is >= 1 byte
      throw new EventTooLargeException(EventType.TOOL_CALL_RESULT, content.length());
    }
    answer(AgUi.toolResult(ids.apply("msg"), id, content));
  }

  /**
   * What the tool returned, or its size alone where it does not fit into one event: the agent has
   * it, the user does not need to. Otherwise like {@link #result}.
   */
  public void resultOrSize(Object result) {
    try {
      result(result);
    } catch (EventTooLargeException e) {
      result("(" + e.getMessage() + ")");
    }
  }

  /** Why the tool failed, as its result; otherwise like {@link #result}. */
  public void failed(String message) {
    answer(AgUi.toolFailure(ids.apply("msg"), id, message));
  }

  /** Why the tool failed, as its result; the stack trace stays here. */
  public void failed(Throwable cause) {
    failed(AgUi.describe(cause));
  }

  private void answer(Draft result) {
    try (RunWriter.Turn turn = writer.turn(this)) {
      if (answered) {
        throw new IllegalStateException(this + ": it has a result");
      }
      List<Draft> events = endOfArgs();
      events.add(result);
      turn.write(events);
      argsComplete = true;
      answered = true;
    }
  }

  private List<Draft> endOfArgs() {
    List<Draft> events = new ArrayList<>();
    if (!argsComplete) {
      events.addAll(args.rest());
      events.add(AgUi.toolEnd(id));
    }
    return events;
  }

  @Override
  List<Draft> opening() {
    List<Draft> events = new ArrayList<>();
    events.add(AgUi.toolStart(id, name));
    if (wholeArgs.isPresent()) {
      events.addAll(args.deltas(wholeArgs.get()));
      events.add(AgUi.toolEnd(id));
    }
    return events;
  }

  @Override
  List<Draft> closing() {
    return endOfArgs();
  }

  @Override
  public String toString() {
    return "tool call " + id;
  }
}
