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
 * The command as a person runs it, with each crash three times and the rest of the short selection
 * once, one system for all of it; its journals and logs stay where it failed. The seed is printed.
 */
class ProofIT {
  /** On two busy cores. */
  private static final Duration AT_MOST = Duration.ofMinutes(12);

  @Test
  void noGuaranteeIsBrokenByCrashesNorByTheShortSelectionOfFaults(
      @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path folder) throws Exception {
    Path report = folder.resolve("report");
    assertThat(exitCode("--build", "--times", "3", "--report", report.toString()))
        .as("exit code, see %s", report)
        .isZero();
    assertThat(report.resolve("report.json")).exists();
  }

  @Test
  void wrongUsageIsExitCodeTwo() throws Exception {
    assertThat(exitCode("--faults", "31")).isEqualTo(2);
  }

  private static int exitCode(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("prove"));
    command.addAll(List.of(arguments));
    return CommandLineRun.exitCode(AT_MOST, command);
  }
}
