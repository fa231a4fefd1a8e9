package io.runwire.loadtest.report;

import java.util.Locale;

/**
 * What was promised, and what was measured.
 *
 * @param measured in that unit; none is good enough above the limit
 */
public record Target(String what, double measured, double limit, String unit) {
  public boolean met() {
    return measured <= limit;
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s: %.2f%s, target ≤ %.2f%s: %s",
        what,
        measured,
        unit,
        limit,
        unit,
        met() ? "met" : "MISSED");
  }
}
