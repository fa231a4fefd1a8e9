package io.runwire.deploy.cli;

import io.runwire.event.Ids;
import io.runwire.loadtest.drive.WireClient;
import io.runwire.loadtest.drive.WireFrame;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code runwire tail}: follows a thread in the terminal, over reconnections. */
@Command(
    name = "tail",
    description = "Follows a thread in the terminal.",
    mixinStandardHelpOptions = true)
final class TailCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration TOKEN_TTL = Duration.ofHours(1);
  private static final long RECONNECT_SECONDS = 1;
  private static final int FIRST_FINAL_CODE = 4500;

  @Parameters(paramLabel = "THREAD", description = "The thread's id, e.g. demo.welcome.")
  private String thread = "";

  @Option(
      names = "--from",
      defaultValue = "earliest",
      description = "Where to begin: earliest, open or latest (default: ${DEFAULT-VALUE}).")
  private String from = "";

  @Option(names = "--json", description = "Print the frames as they come.")
  private boolean json;

  @Option(names = "--token", description = "Default: a development token of the quickstart.")
  private @Nullable String token;

  @Option(names = "--url", defaultValue = "http://localhost:8080", description = "The edge.")
  private URI url = URI.create("http://localhost:8080");

  @Spec private @Nullable CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (!Ids.valid(thread)) {
      throw new ParameterException(
          Objects.requireNonNull(spec, "set by picocli").commandLine(),
          "THREAD: expected 1-200 chars of [A-Za-z0-9._~:-]");
    }
    DevelopmentEdge edge = new DevelopmentEdge(url);
    RunPrinter printer = new RunPrinter(System.out);
    String start = "\"from\":\"" + from + "\"";
    while (true) {
      String bearer =
          token != null
              ? token
              : edge.token("tail", TOKEN_TTL, List.of(thread), List.of("subscribe", "history"));
      try (WireClient client = WireClient.connect(edge.socket(), bearer)) {
        client.subscribe(1, thread, start);
        start = follow(client, printer, start);
      } catch (ExecutionException | TimeoutException e) {
        System.err.println("-- no connection, trying again: " + e.getMessage());
      }
      TimeUnit.SECONDS.sleep(RECONNECT_SECONDS);
    }
  }

  /** Prints until the socket ends; returns where to go on. */
  private String follow(WireClient client, RunPrinter printer, String start)
      throws InterruptedException {
    String next = start;
    while (!client.closed().isDone()) {
      WireFrame frame = client.poll(PATIENCE);
      if (frame == null) {
        client.send("{\"op\":\"ping\"}");
        continue;
      }
      if (frame.is("error")) {
        throw new IllegalStateException(frame.field("code") + ": " + frame.field("message"));
      }
      if (frame.is("event") || frame.is("live")) {
        next = "\"after\":\"" + frame.field("cursor") + "\"";
      }
      if (json) {
        System.out.println(frame.text());
      } else {
        printer.print(frame);
      }
    }
    WireClient.Closed closed = client.closed().join();
    if (closed.code() >= FIRST_FINAL_CODE) {
      throw new IllegalStateException(
          "closed by the edge: " + closed.code() + " " + closed.reason());
    }
    System.err.println("-- connection lost (" + closed.code() + "), resuming");
    return next;
  }
}
