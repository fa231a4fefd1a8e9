package io.runwire.producer;

import java.util.ArrayList;
import java.util.List;

/** A message to the user, streamed. Safe from any thread; pieces appear in the order of calls. */
public final class TextMessage extends Bracket {
  private final String id;
  private final TextStream text;

  TextMessage(RunWriter writer, String id) {
    super(writer);
    this.id = id;
    this.text = new TextStream(delta -> AgUi.textContent(id, delta));
  }

  public String id() {
    return id;
  }

  /**
   * Appends to the message. A piece may end anywhere, even within a surrogate pair; an empty one
   * writes nothing.
   *
   * @throws BackPressureException if there was no room in time; nothing was written
   * @throws RunFailedException if the run has failed
   * @throws IllegalStateException if the message is closed or the run has ended
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
    return List.of(AgUi.textStart(id));
  }

  @Override
  List<Draft> closing() {
    List<Draft> events = new ArrayList<>(text.rest());
    events.add(AgUi.textEnd(id));
    return events;
  }

  @Override
  public String toString() {
    return "message " + id;
  }
}
