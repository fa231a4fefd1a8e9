package io.runwire.deploy.cli;

import io.runwire.loadtest.measure.Bench;
import io.runwire.loadtest.measure.StalledBench;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code runwire bench stalled}. */
@Command(name = "stalled", description = "What live readers feel of readers that stopped reading.")
final class BenchStalledCommand extends BenchRun {
  private static final StalledBench SHORT =
      new StalledBench(100, 100, 10, 50, 500, 1, Duration.ofSeconds(5));

  @Option(names = "--live", defaultValue = "1000", description = "Live readers.")
  private int live;

  @Option(names = "--stalled", defaultValue = "1000", description = "Stalled readers.")
  private int stalled;

  @Option(names = "--threads", defaultValue = "100", description = "That live readers follow.")
  private int threads;

  @Option(names = "--events", defaultValue = "200", description = "A second, on all of them.")
  private double events;

  @Option(names = "--bytes", defaultValue = "500", description = "Of an event.")
  private int bytes;

  @Mixin private Rounds rounds = new Rounds();

  @Override
  Bench bench() {
    return shortOne
        ? SHORT
        : new StalledBench(live, stalled, threads, events, bytes, rounds.count(), rounds.warmUp());
  }
}
