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
 * @param faults to inject, each at least once; none for a calm run
 * @param seed of order and timing
 * @param atLeast how long faults go on: further rounds follow until it is over; zero for one round
 * @param directory of the report
 * @param repeat the command that repeats it, for the report
 * @param sdk clients by the JavaScript SDK, where they can run
 */
public record ProofOptions(
    Layout layout,
    List<Fault> faults,
    long seed,
    Duration atLeast,
    ReportDirectory directory,
    String repeat,
    Optional<SdkFleet> sdk) {
  public ProofOptions {
    faults = List.copyOf(faults);
    if (atLeast.isNegative()) {
      throw new IllegalArgumentException("duration: " + atLeast + " (expected: >= 0)");
    }
  }
}
