package io.runwire.deploy.cli;

import io.runwire.loadtest.measure.Bench;
import io.runwire.loadtest.measure.OutageBench;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code runwire bench outage}. */
@Command(name = "outage", description = "What agents feel of a Kafka that is away.")
final class BenchOutageCommand extends BenchRun {
  private static final OutageBench SHORT = new OutageBench(5, 50, Duration.ofSeconds(5));

  @Option(names = "--agents", defaultValue = "20", description = "That write at a time.")
  private int agents;

  @Option(names = "--pieces", defaultValue = "100", description = "Of text a second, of each.")
  private int pieces;

  @Option(names = "--outage-seconds", defaultValue = "30", description = "Kafka is away.")
  private int outageSeconds;

  @Override
  Bench bench() {
    return shortOne ? SHORT : new OutageBench(agents, pieces, Duration.ofSeconds(outageSeconds));
  }
}
