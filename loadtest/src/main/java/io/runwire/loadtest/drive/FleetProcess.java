package io.runwire.loadtest.drive;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;

/**
 * A fleet as a process: a line of status per second on the standard output, commands from the
 * standard input, and a clean end when that closes or on SIGTERM.
 */
final class FleetProcess {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int USAGE = 2;

  /** Longer than any fleet takes to close, so that SIGTERM ends it nevertheless. */
  private static final long LONGEST_END_S = 120;

  private final Fleet fleet;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  private FleetProcess(Fleet fleet) {
    this.fleet = fleet;
  }

  /** The main method of a fleet. */
  static void main(Flags flags, String[] args, Function<Flags.Values, Fleet> open)
      throws InterruptedException {
    if (List.of(args).contains("--help")) {
      System.out.print(flags.help());
      return;
    }
    Fleet fleet;
    try {
      fleet = open.apply(flags.parse(List.of(args)));
    } catch (IllegalArgumentException | UncheckedIOException | KafkaException e) {
      System.err.println(e.getCause() == null ? e.getMessage() : e.getCause().toString());
      System.exit(USAGE);
      return;
    }
    new FleetProcess(fleet).run(System.out);
  }

  private void run(PrintStream out) throws InterruptedException {
    Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndWait, "stop"));
    Thread commands = new Thread(this::obey, "commands");
    commands.setDaemon(true);
    commands.start();
    try {
      try (fleet) {
        do {
          out.println(json(fleet.status()));
        } while (!stop.await(1, TimeUnit.SECONDS));
      }
      out.println(json(fleet.status()));
    } finally {
      ended.countDown();
    }
  }

  private void obey() {
    try (BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        try {
          fleet.command(line.strip());
        } catch (IllegalArgumentException e) {
          System.err.println(e.getMessage());
        }
      }
    } catch (IOException | InterruptedException e) {
      System.err.println("commands: " + e);
    } finally {
      stop.countDown();
    }
  }

  private void stopAndWait() {
    stop.countDown();
    try {
      if (!ended.await(LONGEST_END_S, TimeUnit.SECONDS)) {
        System.err.println("not ended within " + LONGEST_END_S + " s");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String json(Object status) {
    try {
      return JSON.writeValueAsString(status);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a record of numbers", e);
    }
  }
}
