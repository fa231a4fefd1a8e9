package io.runwire.deploy.cli;

import io.runwire.processor.ProcessorConfig;
import io.runwire.processor.RunwireProcessor;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code runwire processor}: the router and the ledger. */
@Command(
    name = "processor",
    description = "Runs the router and the ledger.",
    mixinStandardHelpOptions = true)
final class ProcessorCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "Properties; a value $${env:NAME} is taken from the environment.")
  private Path config = Path.of("processor.properties");

  @Override
  public Integer call() throws Exception {
    Stopping.awaitSignal(RunwireProcessor.start(ProcessorConfig.of(ConfigFile.read(config))));
    return 0;
  }
}
