package io.runwire.deploy.cli;

import io.runwire.loadtest.measure.Bench;
import io.runwire.loadtest.measure.RouteBench;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code runwire bench route}. */
@Command(
    name = "route",
    description = "How long events take through the router, beside two hops with a plain copy.")
final class BenchRouteCommand extends BenchRun {
  private static final RouteBench SHORT =
      new RouteBench(List.of(200), 500, Duration.ofSeconds(2), 1, Duration.ZERO, Map.of());

  @Option(
      names = "--rates",
      split = ",",
      defaultValue = "1000,5000",
      description = "Events a second, one after the other.")
  private List<Integer> rates = List.of();

  @Option(names = "--bytes", defaultValue = "500", description = "Of an event.")
  private int bytes;

  @Option(
      names = "--seconds",
      defaultValue = "10",
      description = "For which each way is timed in a round.")
  private int seconds;

  @Option(
      names = "--router",
      paramLabel = "KEY=VALUE",
      description = "A setting of the router, e.g. kafka.producer.linger.ms=1; any number of them.")
  private Map<String, String> router = Map.of();

  @Mixin private Rounds rounds = new Rounds();

  @Override
  Bench bench() {
    return shortOne
        ? SHORT
        : new RouteBench(
            rates, bytes, Duration.ofSeconds(seconds), rounds.count(), rounds.warmUp(), router);
  }
}
