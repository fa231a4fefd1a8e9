package io.runwire.edge.conformance;

import io.runwire.edge.conformance.Case.Conversation;
import io.runwire.edge.conformance.Case.On;
import io.runwire.edge.conformance.Case.Rule;
import java.util.ArrayList;
import java.util.List;

/** The cases on one subject, in groups. Numbers them as they are added. */
final class Section {
  private final int number;
  private final String title;
  private final List<Case> cases = new ArrayList<>();
  private int group;
  private int place;

  Section(int number, String title) {
    this.number = number;
    this.title = title;
  }

  static List<Section> all() {
    return List.of(
        FramingCases.section(),
        PingCases.section(),
        ReservedCases.bits(),
        ReservedCases.opcodes(),
        FragmentCases.section(),
        TextCases.section(),
        CloseCases.section(),
        LimitCases.section(),
        LimitCases.fragments());
  }

  /** What is added from here on stands in a new group. */
  Section group() {
    group++;
    place = 0;
    return this;
  }

  Section edge(String what, Conversation conversation) {
    return add(what, On.EDGE, Rule.RFC, conversation);
  }

  Section echo(String what, Conversation conversation) {
    return add(what, On.ECHO, Rule.RFC, conversation);
  }

  Section add(String what, On on, Rule rule, Conversation conversation) {
    place++;
    cases.add(new Case(number + "." + group + "." + place, what, on, rule, conversation));
    return this;
  }

  int number() {
    return number;
  }

  String title() {
    return title;
  }

  List<Case> cases() {
    return List.copyOf(cases);
  }
}
