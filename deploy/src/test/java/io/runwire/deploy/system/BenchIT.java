package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.loadtest.process.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The part of the benches that must hold on any machine, as a person runs it: figures are printed
 * here, and judged by nobody.
 */
class BenchIT {
  private static final int MINUTES = 5; // on two busy cores; one on two idle ones

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
    Process bench =
        new ProcessBuilder(
                Program.java(
                    "512m",
                    List.of("-Drunwire.checkout=.."),
                    "io.runwire.deploy.cli.RunwireCommand",
                    command))
            .redirectErrorStream(true)
            .start();
    bench.onExit().completeOnTimeout(bench, MINUTES, TimeUnit.MINUTES).thenAccept(Process::destroy);
    bench.inputReader().lines().forEach(System.out::println);
    return bench.waitFor();
  }
}
