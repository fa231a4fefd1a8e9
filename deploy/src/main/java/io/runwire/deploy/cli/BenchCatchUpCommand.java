package io.runwire.deploy.cli;

import io.runwire.loadtest.measure.Bench;
import io.runwire.loadtest.measure.CatchUpBench;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code runwire bench catchup}. */
@Command(
    name = "catchup",
    description = "What live readers feel of one that catches up, and how long it takes.")
final class BenchCatchUpCommand extends BenchRun {
  private static final CatchUpBench SHORT =
      new CatchUpBench(5_000, 20, 50, 1, Duration.ofSeconds(5));

  @Option(names = "--behind", defaultValue = "100000", description = "Events of other threads.")
  private long behind;

  @Option(names = "--live", defaultValue = "500", description = "Live readers.")
  private int live;

  @Option(names = "--events", defaultValue = "200", description = "A second, on live threads.")
  private double events;

  @Mixin private Rounds rounds = new Rounds();

  @Override
  Bench bench() {
    return shortOne
        ? SHORT
        : new CatchUpBench(behind, live, events, rounds.count(), rounds.warmUp());
  }
}
