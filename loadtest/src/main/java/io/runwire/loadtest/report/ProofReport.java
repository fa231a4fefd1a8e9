package io.runwire.loadtest.report;

import io.runwire.loadtest.guarantee.Judgement;
import io.runwire.loadtest.guarantee.Totals;
import io.runwire.loadtest.guarantee.Verdict;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a run has proven.
 *
 * @param repeat the command that repeats it
 * @param system what it ran on, one line
 * @param disturbances in the order in which they began
 * @param longestDelayMs from an agent's hand to a client's, of all events
 * @param longestDelayMsByDisturbance of events that were sent from its begin to the next one's
 * @param notes what else happened, one line each
 * @param judgement on the journals
 */
public record ProofReport(
    String repeat,
    String system,
    List<Disturbance> disturbances,
    long longestDelayMs,
    List<Long> longestDelayMsByDisturbance,
    List<String> notes,
    Judgement judgement) {
  private static final int EXAMPLES = 3;

  public ProofReport {
    disturbances = List.copyOf(disturbances);
    longestDelayMsByDisturbance = List.copyOf(longestDelayMsByDisturbance);
    notes = List.copyOf(notes);
  }

  /** For a person. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(system);
    lines.add("");
    lines.add(line("%-34s %12s %14s", "fault", "until ready", "longest delay"));
    for (int i = 0; i < disturbances.size(); i++) {
      Disturbance one = disturbances.get(i);
      lines.add(
          line(
              "%2d %-31s %10.1f s %12.1f s",
              one.number(),
              one.name(),
              (one.readyMs() - one.startMs()) / 1_000.0,
              longestDelayMsByDisturbance.get(i) / 1_000.0));
    }
    lines.add("");
    lines.add(line("%-26s %12s %8s %8s", "guarantee", "checked", "broken", "excused"));
    for (Verdict verdict : judgement.verdicts()) {
      lines.add(
          line(
              "%-26s %,12d %,8d %,8d  %s",
              verdict.guarantee(),
              verdict.checked(),
              verdict.broken(),
              verdict.excused(),
              verdict.kept() ? kept(verdict) : "BROKEN"));
      verdict.examples().stream().limit(EXAMPLES).forEach(one -> lines.add("    " + one));
    }
    lines.add("");
    lines.add(totals(judgement.totals()));
    lines.add(line("longest delay from agent to client: %.1f s", longestDelayMs / 1_000.0));
    for (Failover failover : Failover.ALL) {
      failover.target(this).ifPresent(target -> lines.add(target.toString()));
    }
    notes.stream()
        .collect(Collectors.groupingBy(note -> note, LinkedHashMap::new, Collectors.counting()))
        .forEach((note, times) -> lines.add("note: " + note + (times > 1 ? ", × " + times : "")));
    lines.add("");
    lines.add(judgement.kept() ? "Every guarantee was kept." : "A guarantee is BROKEN.");
    lines.add("repeat with: " + repeat);
    return lines;
  }

  private static String kept(Verdict verdict) {
    return line("kept; with 95 %% confidence below 1 in %,d", (long) (1 / verdict.bound()));
  }

  private static String totals(Totals totals) {
    return line(
        "%,d events sent, %,d settled, %,d logged, %,d passed on, %,d runs; %,d seen by %,d clients",
        totals.sent(),
        totals.settled(),
        totals.logged(),
        totals.passed(),
        totals.runs(),
        totals.seen(),
        totals.clients());
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
