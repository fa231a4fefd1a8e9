package io.runwire.loadtest.proof;

import io.runwire.loadtest.drive.SdkFleet;
import io.runwire.loadtest.fault.Fault;
import io.runwire.loadtest.process.Layout;
import io.runwire.loadtest.report.ReportDirectory;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is to be proven.
 *
 * @param faults to inject, each once a round; none for a calm run
 * @param rounds how many
 * @param atLeast how long faults go on: further rounds follow until it is over
 * @param last to inject once, when the rounds are over
 * @param seed of order and timing
 * @param directory of the report
 * @param repeat the command that repeats it, for the report
 * @param sdk clients by the JavaScript SDK, where they can run
 */
public record ProofOptions(
    Layout layout,
    List<Fault> faults,
    int rounds,
    Duration atLeast,
    List<Fault> last,
    long seed,
    ReportDirectory directory,
    String repeat,
    Optional<SdkFleet> sdk) {
  public ProofOptions {
    faults = List.copyOf(faults);
    last = List.copyOf(last);
    if (rounds < 1) {
      throw new IllegalArgumentException("rounds: " + rounds + " (expected: >= 1)");
    }
    if (atLeast.isNegative()) {
      throw new IllegalArgumentException("duration: " + atLeast + " (expected: >= 0)");
    }
  }
}
