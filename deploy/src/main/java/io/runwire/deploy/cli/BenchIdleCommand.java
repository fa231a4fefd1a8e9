package io.runwire.deploy.cli;

import io.runwire.loadtest.measure.Bench;
import io.runwire.loadtest.measure.IdleBench;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code runwire bench idle}. */
@Command(name = "idle", description = "What an idle connection costs an edge.")
final class BenchIdleCommand extends BenchRun {
  private static final int SHORT_CLIENTS = 1_000;
  private static final Duration SHORT_REST = Duration.ofSeconds(5);

  @Option(names = "--clients", defaultValue = "10000", description = "Connections.")
  private int clients;

  @Option(names = "--rest-seconds", defaultValue = "30", description = "How long they are idle.")
  private int restSeconds;

  @Override
  Bench bench() {
    return shortOne
        ? new IdleBench(SHORT_CLIENTS, SHORT_REST)
        : new IdleBench(clients, Duration.ofSeconds(restSeconds));
  }
}
