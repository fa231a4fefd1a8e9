package io.runwire.deploy.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code runwire}: the entry of the command line. */
@Command(
    name = "runwire",
    description = "Carries what AI agents do, as they do it, to the people who are watching.",
    mixinStandardHelpOptions = true,
    version = "runwire 0.1.0",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      QuickstartCommand.class,
      TokenCommand.class,
      TailCommand.class,
      RunsCommand.class,
      ReplayCommand.class,
      PlayCommand.class,
      TopicsCommand.class,
      ProcessorCommand.class,
      EdgeCommand.class,
      NotaryCommand.class,
      NotaryKeyCommand.class,
      ExportCommand.class,
      VerifyCommand.class,
      PayloadKeyCommand.class,
      EraseCommand.class,
      ProveCommand.class,
      BenchCommand.class
    })
public final class RunwireCommand {
  private RunwireCommand() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** All commands, ready to be executed. */
  public static CommandLine commandLine() {
    CommandLine commandLine = new CommandLine(new RunwireCommand());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    // An error that a person can act on is one line; RUNWIRE_LOG=DEBUG shows where it came from.
    commandLine.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          command.getErr().println(command.getColorScheme().errorText("runwire: " + line(failure)));
          if ("DEBUG".equals(System.getenv("RUNWIRE_LOG"))) {
            failure.printStackTrace(command.getErr());
          }
          return CommandLine.ExitCode.SOFTWARE;
        });
    return commandLine;
  }

  private static String line(Exception failure) {
    String message = failure.getMessage();
    return message == null ? failure.toString() : message;
  }
}
