package io.runwire.deploy.cli;

import io.runwire.deploy.quickstart.Quickstart;
import io.runwire.deploy.quickstart.QuickstartOptions;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code runwire quickstart}. */
@Command(
    name = "quickstart",
    description = "Kafka, router, two edges, a demo agent and the console on this machine.",
    mixinStandardHelpOptions = true)
final class QuickstartCommand implements Callable<Integer> {
  private static final String WELCOME_THREAD = "demo.welcome";
  private static final String WELCOME_QUESTION = "How does a subscription resume from its cursor?";

  @Option(
      names = "--port",
      defaultValue = "8080",
      description =
          "Port of the first edge and the console (default: ${DEFAULT-VALUE}). The processor takes"
              + " the next port, the second edge the third above; 0 for any free ports.")
  private int port;

  @Option(
      names = "--kafka-port",
      defaultValue = "9092",
      description = "Port of the Kafka broker (default: ${DEFAULT-VALUE}); 0 for any free one.")
  private int kafkaPort;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Keep the data there. Without it they go away on exit.")
  private @Nullable Path data;

  @Option(
      names = "--folder",
      paramLabel = "DIR",
      defaultValue = ".",
      description = "What the demo agent reads (default: the current folder).")
  private Path folder = Path.of(".");

  @Option(names = "--no-demo", description = "Do not start a first demo run.")
  private boolean noDemo;

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    CommandSpec command = Objects.requireNonNull(spec, "set by picocli");
    if (port != 0 && (port < 1024 || port > 64_000)) {
      throw new ParameterException(
          command.commandLine(), "--port: " + port + " (expected: 0 or 1024..64000)");
    }
    if (!Files.isDirectory(folder)) {
      throw new ParameterException(command.commandLine(), "--folder: no such folder: " + folder);
    }
    PrintWriter out = command.commandLine().getOut();
    out.println("Starting Runwire ...");
    out.flush();
    Quickstart quickstart =
        Quickstart.start(
            new QuickstartOptions(port, kafkaPort, Optional.ofNullable(data), folder),
            step -> {
              out.println("  " + step);
              out.flush();
            });
    if (!noDemo) {
      quickstart.demo(WELCOME_QUESTION, WELCOME_THREAD);
    }
    out.println("  Console   " + quickstart.consoleUrl() + "#thread=" + WELCOME_THREAD);
    out.println();
    out.println("Open the console, or in another terminal:");
    out.println("  deploy/runwire tail " + WELCOME_THREAD + url());
    out.println("Ctrl-C stops everything.");
    out.flush();
    Stopping.awaitSignal(quickstart);
    return 0;
  }

  private String url() {
    return port == 8080 ? "" : " --url http://localhost:" + port;
  }
}
