package io.runwire.deploy.cli;

import picocli.CommandLine.Command;

/** {@code runwire bench}: the figures that are promised, measured on this machine. */
@Command(
    name = "bench",
    description = {
      "Runs a system on this machine and measures it.",
      "Figures are worth as much as the machine was idle: the load is printed beside them."
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "NAME",
    subcommands = {
      BenchRouteCommand.class,
      BenchStalledCommand.class,
      BenchIdleCommand.class,
      BenchDrainCommand.class,
      BenchCatchUpCommand.class,
      BenchStormCommand.class,
      BenchNotaryCommand.class,
      BenchOutageCommand.class
    })
final class BenchCommand {}
