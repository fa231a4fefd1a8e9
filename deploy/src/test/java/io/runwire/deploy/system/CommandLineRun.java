package io.runwire.deploy.system;

import io.runwire.loadtest.process.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The command line as a person runs it, in a process of its own; what it prints is printed here.
 */
final class CommandLineRun {
  private static final Path SDK = Path.of("../ws-edge/client");

  private CommandLineRun() {}

  /**
   * Runs a command to its end. Where there is Node.js, the SDK can run, too.
   *
   * @param atMost after which it is told to end
   * @return its exit code
   */
  static int exitCode(Duration atMost, List<String> arguments)
      throws IOException, InterruptedException {
    NodeScript.install(SDK);
    Process process =
        new ProcessBuilder(
                Program.java(
                    "512m",
                    List.of("-Drunwire.checkout=.."),
                    "io.runwire.deploy.cli.RunwireCommand",
                    arguments))
            .redirectErrorStream(true)
            .start();
    var unused =
        process
            .onExit()
            .orTimeout(atMost.toSeconds(), TimeUnit.SECONDS)
            .exceptionally(
                late -> {
                  process.destroy();
                  return process;
                });
    process.inputReader().lines().forEach(System.out::println);
    return process.waitFor();
  }
}
