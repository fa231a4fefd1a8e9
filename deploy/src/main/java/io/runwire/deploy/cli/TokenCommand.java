package io.runwire.deploy.cli;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code runwire token}. */
@Command(
    name = "token",
    description = "Prints a development token for a running quickstart.",
    mixinStandardHelpOptions = true)
final class TokenCommand implements Callable<Integer> {
  @Option(
      names = "--thread",
      defaultValue = "*",
      description = "Threads that it covers, by name or prefix, e.g. 'demo.*'; repeatable.")
  private List<String> threads = List.of();

  @Option(
      names = "--action",
      split = ",",
      defaultValue = "subscribe,history,ledger",
      description = "What it allows: subscribe, history, ledger (default: all).")
  private List<String> actions = List.of();

  @Option(names = "--subject", defaultValue = "developer", description = "The user's id.")
  private String subject = "";

  @Option(names = "--ttl", defaultValue = "900", description = "Seconds until it expires.")
  private long ttlSeconds;

  @Option(names = "--url", defaultValue = "http://localhost:8080", description = "The quickstart.")
  private URI url = URI.create("http://localhost:8080");

  @Override
  public Integer call() throws Exception {
    System.out.println(
        new DevelopmentEdge(url).token(subject, Duration.ofSeconds(ttlSeconds), threads, actions));
    return 0;
  }
}
