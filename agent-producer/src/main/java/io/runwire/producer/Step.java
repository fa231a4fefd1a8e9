package io.runwire.producer;

import java.util.List;

/** A named part of a run's work. */
public final class Step extends Bracket {
  private final String name;

  Step(RunWriter writer, String name) {
    super(writer);
    this.name = name;
  }

  public String name() {
    return name;
  }

  @Override
  List<Draft> opening() {
    return List.of(AgUi.stepStarted(name));
  }

  @Override
  List<Draft> closing() {
    return List.of(AgUi.stepFinished(name));
  }

  @Override
  public String toString() {
    return "step " + name;
  }
}
