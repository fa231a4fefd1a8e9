package io.runwire.loadtest.fault;

/** A line of the {@link Catalogue}. */
public sealed interface Entry permits Fault, Elsewhere {
  /** Its number for ever. */
  int number();

  String name();

  /** What it does, or why it is not done here; one line. */
  String description();
}
