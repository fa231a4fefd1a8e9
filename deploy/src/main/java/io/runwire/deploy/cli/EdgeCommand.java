package io.runwire.deploy.cli;

import io.runwire.edge.EdgeConfig;
import io.runwire.edge.RunwireEdge;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code runwire edge}: one edge node. */
@Command(name = "edge", description = "Runs an edge node.", mixinStandardHelpOptions = true)
final class EdgeCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "Properties; a value $${env:NAME} is taken from the environment.")
  private Path config = Path.of("edge.properties");

  @Override
  public Integer call() throws Exception {
    try (RunwireEdge edge =
        RunwireEdge.start(EdgeConfig.of(ConfigFile.read(config)), Optional.empty())) {
      Stopping.atSignal(edge::drain);
      edge.drained().join(); // asked by a signal or POST /admin/drain; within drain.grace.ms
    }
    return 0;
  }
}
