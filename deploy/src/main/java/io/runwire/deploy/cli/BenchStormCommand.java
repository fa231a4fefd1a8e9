package io.runwire.deploy.cli;

import io.runwire.loadtest.measure.Bench;
import io.runwire.loadtest.measure.StormBench;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code runwire bench storm}. */
@Command(
    name = "storm",
    description = "How long it takes when all clients come back at once, and what others feel.")
final class BenchStormCommand extends BenchRun {
  private static final StormBench SHORT = new StormBench(100, 20, 50, 1, Duration.ofSeconds(5));

  @Option(names = "--clients", defaultValue = "2000", description = "Dropped at once.")
  private int clients;

  @Option(names = "--live", defaultValue = "200", description = "That stay connected.")
  private int live;

  @Option(names = "--events", defaultValue = "100", description = "A second, on all threads.")
  private double events;

  @Mixin private Rounds rounds = new Rounds();

  @Override
  Bench bench() {
    return shortOne
        ? SHORT
        : new StormBench(clients, live, events, rounds.count(), rounds.warmUp());
  }
}
