package io.runwire.loadtest.guarantee;

import java.util.List;

/**
 * What the journals say of one guarantee.
 *
 * @param guarantee its name
 * @param checked how many times it could have been broken, in units of its own (events, runs)
 * @param broken how many times it was
 * @param excused how many times something was missing, and a notice said so
 * @param examples the first of what broke it, described
 */
public record Verdict(
    String guarantee, long checked, long broken, long excused, List<String> examples) {
  /** Events without a finding that bound its rate: none of n is below 3/n with 95 % confidence. */
  private static final double RULE_OF_THREE = 3;

  /** Whether nothing broke it. A guarantee that had nothing to check is kept: look at the count. */
  public boolean kept() {
    return broken == 0;
  }

  /** What the rate of breaches is below, with 95 % confidence, where none was found. */
  public double bound() {
    return checked == 0 ? 1 : Math.min(1, RULE_OF_THREE / checked);
  }
}
