package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The part of the benches that must hold on any machine, as a person runs it: figures are printed
 * here, and judged by nobody.
 */
class BenchIT {
  /** On two busy cores; a minute on two idle ones. */
  private static final Duration AT_MOST = Duration.ofMinutes(5);

  @Test
  void aDrainingEdgeSendsItsClientsAwayInGoodOrderAndNoneOfThemLosesAnything(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
    Path report = folder.resolve("report");
    assertThat(exitCode("drain", "--short", "--report", report.toString()))
        .as("exit code, see %s", report)
        .isZero();
    assertThat(report.resolve("logged.tsv")).exists();
  }

  @Test
  void theRoutedWayIsMeasuredBesideTheBareOne(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
    Path report = folder.resolve("report");
    assertThat(exitCode("route", "--short", "--report", report.toString()))
        .as("exit code, see %s", report)
        .isZero();
  }

  @Test
  void aSizeThatCannotBeIsExitCodeTwo() throws Exception {
    assertThat(exitCode("idle", "--clients", "0")).isEqualTo(2);
  }

  private static int exitCode(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("bench"));
    command.addAll(List.of(arguments));
    return CommandLineRun.exitCode(AT_MOST, command);
  }
}
