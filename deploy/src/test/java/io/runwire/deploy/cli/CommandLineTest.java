package io.runwire.deploy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class CommandLineTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  static Set<String> commands() {
    return RunwireCommand.commandLine().getSubcommands().keySet();
  }

  @Test
  void helpNamesEveryCommand() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains(commands());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelp(String command) {
    assertThat(run(command, "--help")).isZero();
    assertThat(out.toString()).startsWith("Usage: runwire " + command);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"route", "stalled", "idle", "drain", "catchup", "storm", "notary", "outage"})
  void everyBenchHasHelp(String bench) {
    assertThat(run("bench", bench, "--help")).isZero();
    assertThat(out.toString()).startsWith("Usage: runwire bench " + bench);
  }

  @Test
  void anUnknownOptionIsAUsageErrorThatNamesIt() {
    assertThat(run("quickstart", "--prot", "1")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("--prot");
  }

  @Test
  void aFolderThatIsNotThereIsNamed() {
    assertThat(run("quickstart", "--folder", "/nowhere")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("--folder: no such folder: /nowhere");
  }

  @Test
  void aThreadThatIsNoIdIsNamed() {
    assertThat(run("tail", "no thread")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("THREAD");
  }

  @Test
  void aReplayOfNothingIsAUsageError() {
    assertThat(run("replay")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("expected THREAD or --run RUN");
  }

  @Test
  void aReplayBeginsAtOnePlaceOnly() {
    assertThat(run("replay", "t", "--after", "c", "--from", "earliest"))
        .isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("mutually exclusive");
  }

  @Test
  void aSpeedThatIsNoneIsNamed() {
    assertThat(run("replay", "t", "--speed", "fast")).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("--speed: 'fast' (expected: 1x, 10x, … or max)");
  }

  @Test
  void aWrongSettingIsOneLineThatNamesTheKey(@TempDir Path folder) throws Exception {
    Path config = folder.resolve("edge.properties");
    Files.writeString(config, "bootstrap.server=localhost:9092\n");
    assertThat(run("edge", "--config", config.toString())).isEqualTo(CommandLine.ExitCode.SOFTWARE);
    assertThat(err.toString().strip().lines()).hasSize(1);
    assertThat(err.toString()).contains("bootstrap.server");
  }

  @Test
  void anEnvironmentVariableThatIsNotSetIsNamed(@TempDir Path folder) throws Exception {
    Path config = folder.resolve("edge.properties");
    Files.writeString(config, "token.hs256.secret=${env:RUNWIRE_NOT_SET}\n");
    assertThat(run("edge", "--config", config.toString())).isEqualTo(CommandLine.ExitCode.SOFTWARE);
    assertThat(err.toString()).contains("token.hs256.secret", "RUNWIRE_NOT_SET");
  }

  @Test
  void aQuickstartThatDoesNotRunIsSaid() {
    assertThat(run("token", "--url", "http://127.0.0.1:1")).isEqualTo(1);
    assertThat(err.toString()).contains("no quickstart answers at http://127.0.0.1:1");
  }

  private int run(String... args) {
    return RunwireCommand.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
