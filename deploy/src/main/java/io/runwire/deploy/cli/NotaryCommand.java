package io.runwire.deploy.cli;

import io.runwire.processor.audit.Notary;
import io.runwire.processor.audit.NotaryConfig;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code runwire notary}: signs what lies in the log. */
@Command(
    name = "notary",
    description = "Signs what lies in thread-events, into audit-checkpoints and an archive.",
    mixinStandardHelpOptions = true)
final class NotaryCommand implements Callable<Integer> {
  @Option(
      names = "--config",
      required = true,
      paramLabel = "FILE",
      description = "Properties; a value $${env:NAME} is taken from the environment.")
  private Path config = Path.of("notary.properties");

  @Override
  public Integer call() throws Exception {
    Stopping.awaitSignal(Notary.start(NotaryConfig.of(ConfigFile.read(config))));
    return 0;
  }
}
