package io.runwire.loadtest.report;

import java.util.ArrayList;
import java.util.List;

/**
 * What a bench has measured.
 *
 * @param setting what was measured, one line
 * @param table for a person to read
 * @param targets that the figures are held against; a missed one may be the machine's fault
 * @param broken promises that hold on any machine, and were not kept
 */
public record BenchReport(
    String setting, List<String> table, List<Target> targets, List<String> broken) {
  public BenchReport {
    table = List.copyOf(table);
    targets = List.copyOf(targets);
    broken = List.copyOf(broken);
  }

  /** Whether every target was met. */
  public boolean met() {
    return targets.stream().allMatch(Target::met);
  }

  /** Whether every promise was kept. */
  public boolean kept() {
    return broken.isEmpty();
  }

  /** For a person. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(setting);
    lines.add("");
    lines.addAll(table);
    lines.add("");
    targets.forEach(target -> lines.add(target.toString()));
    broken.forEach(breach -> lines.add("BROKEN: " + breach));
    return lines;
  }
}
