package io.runwire.deploy.cli;

import io.runwire.loadtest.drive.SdkFleet;
import io.runwire.loadtest.measure.Bench;
import io.runwire.loadtest.measure.DrainBench;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code runwire bench drain}. */
@Command(
    name = "drain",
    description = "How an edge's clients leave when it drains, and whether they lose anything.")
final class BenchDrainCommand extends BenchRun {
  private static final int SHORT_CLIENTS = 100;
  private static final int SHORT_SDK = 8;
  private static final Duration SHORT_OVER = Duration.ofSeconds(5);

  @Option(names = "--clients", defaultValue = "2000", description = "On the edge that drains.")
  private int clients;

  @Option(
      names = "--sdk",
      defaultValue = "48",
      description = "By the JavaScript SDK, on both edges.")
  private int sdk;

  @Option(names = "--over-seconds", defaultValue = "30", description = "For all to leave.")
  private int overSeconds;

  @Option(
      names = "--checkout",
      paramLabel = "DIR",
      defaultValue = "${sys:runwire.checkout:-.}",
      description = "Of this project, for its JavaScript SDK.")
  private Path checkout = Path.of(".");

  @Override
  Bench bench() throws InterruptedException {
    Optional<SdkFleet> fleet = SdkFleet.of(checkout, System.err::println);
    return shortOne
        ? new DrainBench(SHORT_CLIENTS, fleet, SHORT_SDK, SHORT_OVER)
        : new DrainBench(clients, fleet, sdk, Duration.ofSeconds(overSeconds));
  }
}
