package io.runwire.deploy.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** How often a bench takes both halves of what it compares. */
final class Rounds {
  @Option(
      names = "--rounds",
      defaultValue = "7",
      description = "Without, with, without, …; the median counts.")
  private int rounds;

  @Option(
      names = "--warm-up-seconds",
      defaultValue = "150",
      description = "Of traffic before the first: so long the JVMs compile.")
  private int warmUpSeconds;

  int count() {
    return rounds;
  }

  Duration warmUp() {
    return Duration.ofSeconds(warmUpSeconds);
  }
}
