package io.runwire.producer;

import java.util.ArrayList;
import java.util.List;

/** What the agent thinks, streamed. Safe from any thread; pieces appear in the order of calls. */
public final class Reasoning extends Bracket {
  private final String id;
  private final TextStream text;

  Reasoning(RunWriter writer, String id) {
    super(writer);
    this.id = id;
    this.text = new TextStream(delta -> AgUi.reasoningContent(id, delta));
  }

  public String id() {
    return id;
  }

  /**
   * Appends to the reasoning. A piece may end anywhere, even within a surrogate pair; an empty one
   * writes nothing.
   *
   * @throws BackPressureException if there was no room in time; nothing was written
   * @throws RunFailedException if the run has failed
   * @throws IllegalStateException if it is closed or the run has ended
   */
  public void delta(String piece) {
    try (RunWriter.Turn turn = writer.turn(this)) {
      text.write(turn, piece);
    }
  }

  /** All events of one that is whole. */
  List<Draft> whole(String content) {
    List<Draft> events = new ArrayList<>(opening());
    events.addAll(text.deltas(content));
    events.addAll(closing());
    return events;
  }

  @Override
  List<Draft> opening() {
    return List.of(AgUi.reasoningStart(id), AgUi.reasoningMessageStart(id));
  }

  @Override
  List<Draft> closing() {
    List<Draft> events = new ArrayList<>(text.rest());
    events.add(AgUi.reasoningMessageEnd(id));
    events.add(AgUi.reasoningEnd(id));
    return events;
  }

  @Override
  public String toString() {
    return "reasoning " + id;
  }
}
