package io.runwire.loadtest.guarantee;

import java.util.List;

/** The verdicts on a run, one for each guarantee, and how much they rest on. */
public record Judgement(List<Verdict> verdicts, Totals totals) {
  /** Whether every guarantee was kept. */
  public boolean kept() {
    return verdicts.stream().allMatch(Verdict::kept);
  }
}
