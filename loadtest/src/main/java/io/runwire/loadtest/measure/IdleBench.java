package io.runwire.loadtest.measure;

import io.runwire.loadtest.process.Await;
import io.runwire.loadtest.process.Layout;
import io.runwire.loadtest.process.Tuning;
import io.runwire.loadtest.report.BenchReport;
import io.runwire.loadtest.report.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What an idle connection costs an edge: authenticated, subscribed to a thread of its own on which
 * nothing happens, kept alive by heartbeats.
 *
 * @param clients how many of them
 * @param rest how long they are idle before the edge is looked at; longer than a heartbeat
 */
public record IdleBench(int clients, Duration rest) implements Bench {
  private static final double MAX_HEAP_KB = 6;
  private static final double MAX_RESIDENT_KB = 15;
  private static final Duration GONE_WITHIN = Duration.ofSeconds(60);
  private static final int LARGEST = 12;

  /** Leave, so that what the edge needs once is there before the base is taken. */
  private static final int WARM_UP_ROUNDS = 3;

  private static final int WARM_UP_SHARE = 5;

  /** Heap that was needed for a moment is given back at the next collection. */
  private static final Tuning TUNING =
      new Tuning(
          List.of(),
          "512m",
          List.of("-XX:MinHeapFreeRatio=5", "-XX:MaxHeapFreeRatio=10", "-Xms16m"),
          Map.of("connections.unauthenticated", "20000"));

  public IdleBench {
    Sizes.require("clients", clients, 1, Sizes.MOST_CLIENTS);
    Sizes.require("rest-seconds", rest.toSeconds(), 0, 3_600);
  }

  @Override
  public BenchReport run(Setting setting)
      throws IOException, InterruptedException, TimeoutException {
    try (Rig rig = Rig.start(setting, new Layout(1, 1, 1, 8), TUNING)) {
      EdgeProbe edge = new EdgeProbe(rig.edge());
      for (int round = 1; round <= WARM_UP_ROUNDS; round++) {
        rig.say("warm-up " + round);
        Readers passing = rig.readers("passing", Math.max(1, clients / WARM_UP_SHARE), threads());
        passing.awaitSubscribed();
        passing.leave();
        awaitGone(edge);
      }
      EdgeProbe.Memory base = edge.memory();
      rig.say("connecting " + clients);
      Readers idle = rig.readers("idle", clients, threads());
      idle.awaitSubscribed();
      rig.say("idle for " + rest.toSeconds() + " s");
      TimeUnit.NANOSECONDS.sleep(rest.toNanos());
      double connected = edge.metric("runwire_edge_connections");
      EdgeProbe.Memory with = edge.memory();
      idle.leave();
      awaitGone(edge);
      EdgeProbe.Memory after = edge.memory();
      return report(base, with, after, (long) connected);
    }
  }

  private String threads() {
    return "idle.*" + clients;
  }

  private static void awaitGone(EdgeProbe edge) throws InterruptedException, TimeoutException {
    Await.until(
        "connections closed", GONE_WITHIN, () -> edge.metric("runwire_edge_connections") == 0);
  }

  private BenchReport report(
      EdgeProbe.Memory base, EdgeProbe.Memory with, EdgeProbe.Memory after, long connected) {
    double heap = kilobytes(with.heap() - base.heap()) / connected;
    double resident = kilobytes(with.resident() - base.resident()) / connected;
    double sockets = kilobytes(with.sockets() - base.sockets()) / connected;
    List<String> table = new ArrayList<>();
    table.add(
        String.format(
            Locale.ROOT, "%-26s %12s %12s %14s", "", "heap live", "resident", "TCP (machine)"));
    table.add(row("before", base));
    table.add(row("with the connections", with));
    table.add(row("after they have left", after));
    table.add(
        String.format(
            Locale.ROOT,
            "%-26s %9.2f KB %9.2f KB %11.2f KB",
            "each connection",
            heap,
            resident,
            sockets));
    table.add("");
    table.add("of which on the heap, by class:");
    with.classes().entrySet().stream()
        .map(
            entry ->
                Map.entry(
                    entry.getKey(),
                    entry.getValue() - base.classes().getOrDefault(entry.getKey(), 0L)))
        .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
        .limit(LARGEST)
        .forEach(
            entry ->
                table.add(
                    String.format(
                        Locale.ROOT, "%,8d B  %s", entry.getValue() / connected, entry.getKey())));
    List<String> broken =
        connected == clients
            ? List.of()
            : List.of(connected + " of " + clients + " connections stayed open");
    return new BenchReport(
        String.format(Locale.ROOT, "%,d idle connections on one edge, each subscribed", clients),
        table,
        List.of(
            new Target("heap of a connection", heap, MAX_HEAP_KB, " KB"),
            new Target("resident memory of a connection", resident, MAX_RESIDENT_KB, " KB")),
        broken);
  }

  private static String row(String when, EdgeProbe.Memory memory) {
    return String.format(
        Locale.ROOT,
        "%-26s %,9.0f KB %,9.0f KB %,11.0f KB",
        when,
        kilobytes(memory.heap()),
        kilobytes(memory.resident()),
        kilobytes(memory.sockets()));
  }

  private static double kilobytes(long bytes) {
    return bytes / 1_024.0;
  }
}
