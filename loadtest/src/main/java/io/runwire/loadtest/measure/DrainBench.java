package io.runwire.loadtest.measure;

import io.runwire.loadtest.drive.SdkFleet;
import io.runwire.loadtest.guarantee.History;
import io.runwire.loadtest.guarantee.Judge;
import io.runwire.loadtest.guarantee.Judgement;
import io.runwire.loadtest.guarantee.Verdict;
import io.runwire.loadtest.journal.Journals;
import io.runwire.loadtest.journal.LogDump;
import io.runwire.loadtest.journal.Seen;
import io.runwire.loadtest.process.Await;
import io.runwire.loadtest.process.Fleet;
import io.runwire.loadtest.process.Layout;
import io.runwire.loadtest.process.Tuning;
import io.runwire.loadtest.proof.CatchUp;
import io.runwire.loadtest.proof.SeenLines;
import io.runwire.loadtest.report.BenchReport;
import io.runwire.loadtest.report.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * An edge that drains while agents write: how its clients leave, how their coming back elsewhere is
 * spread, and whether any of them lost or doubled something meanwhile.
 *
 * @param clients light ones, all connected to the edge that drains
 * @param sdkFleet empty where it cannot run
 * @param sdk clients by the JavaScript SDK, half of them connected there
 * @param over how long the edge takes to send them away
 */
public record DrainBench(int clients, Optional<SdkFleet> sdkFleet, int sdk, Duration over)
    implements Bench {
  private static final String THREADS = "drain.*16";
  private static final double RUNS_PER_SECOND = 1;
  private static final Duration UNREADY = Duration.ofMillis(1_500);
  private static final Duration GRACE = Duration.ofSeconds(15);
  private static final long WARM_EVENTS_PER_CLIENT = 50;
  private static final int GOING_AWAY = 1012;

  /** How much the busiest second may stand out: the jitter is a matter of chance. */
  private static final double MAX_BUSIEST = 3;

  private static final int BAR = 50;

  public DrainBench {
    Sizes.require("clients", clients, 1, Sizes.MOST_CLIENTS / 2);
    Sizes.require("sdk", sdk, 1, 200);
    Sizes.require("over-seconds", over.toSeconds(), 1, 600);
  }

  @Override
  public BenchReport run(Setting setting)
      throws IOException, InterruptedException, TimeoutException {
    Tuning tuning =
        new Tuning(
            List.of(),
            "512m",
            List.of(),
            Map.of(
                "connections.unauthenticated", "20000",
                "drain.unready.wait.ms", Long.toString(UNREADY.toMillis()),
                "drain.over.ms", Long.toString(over.toMillis()),
                "drain.grace.ms", Long.toString(UNREADY.plus(over).plus(GRACE).toMillis())));
    try (Rig rig = Rig.start(setting, new Layout(1, 1, 2, 8), tuning)) {
      EdgeProbe edge = new EdgeProbe(rig.edge());
      List<Readers> groups = new ArrayList<>();
      groups.add(rig.readers("light", clients, THREADS, "--spread=false"));
      if (sdkFleet.isPresent()) {
        groups.add(rig.sdkReaders(sdkFleet.get(), sdk, THREADS));
      }
      for (Readers group : groups) {
        group.awaitSubscribed();
      }
      Fleet agents = rig.agents("agents", THREADS, RUNS_PER_SECOND);
      groups.get(0).awaitLines("event", WARM_EVENTS_PER_CLIENT * clients);
      double sockets = edge.metric("runwire_edge_connections");
      rig.say("draining %.0f sockets over %d s".formatted(sockets, over.toSeconds()));
      long beganMs = System.currentTimeMillis();
      SeenLines downs = new SeenLines(rig.directory().path(), "down");
      long downsBefore = downs.count();
      edge.drain();
      Await.until(
          "all who were connected there have left",
          UNREADY.plus(over).plus(GRACE).plus(GRACE),
          () -> downs.count() - downsBefore >= sockets);
      rig.say("drained; agents finish");
      agents.stop();
      boolean rest =
          new CatchUp(rig.system(), new SeenLines(rig.directory().path(), "event")).await();
      long endedMs = System.currentTimeMillis();
      LogDump.write(rig.system().kafka().bootstrapServers(), rig.directory().dump());
      groups.forEach(Readers::leave);
      return report(rig, new Phase(beganMs, endedMs), (long) sockets, rest);
    }
  }

  private static Stream<Seen> seen(Rig rig) {
    return Journals.seen(Journals.in(rig.directory().path(), "seen-*.tsv"));
  }

  private BenchReport report(Rig rig, Phase drain, long sockets, boolean rest) {
    Map<Integer, Integer> closes = new TreeMap<>();
    Map<Long, Integer> back = new TreeMap<>();
    try (Stream<Seen> seen = seen(rig)) {
      seen.filter(line -> line.ms() >= drain.fromMs() && line.ms() <= drain.toMs())
          .forEach(
              line -> {
                if (line instanceof Seen.Down down) {
                  closes.merge(down.code(), 1, Integer::sum);
                } else if (line instanceof Seen.Up) {
                  back.merge((line.ms() - drain.fromMs()) / 1_000, 1, Integer::sum);
                }
              });
    }
    Judgement judgement = Judge.judge(History.load(rig.directory().path()));
    List<String> broken = new ArrayList<>();
    closes.forEach(
        (code, times) -> {
          if (code != GOING_AWAY) {
            broken.add(times + " connections were closed with " + code);
          }
        });
    int returned = back.values().stream().mapToInt(Integer::intValue).sum();
    if (returned < sockets) {
      broken.add((sockets - returned) + " clients did not come back");
    }
    if (!rest) {
      broken.add("clients or routers were not at rest when time was up");
    }
    judgement.verdicts().stream()
        .filter(verdict -> !verdict.kept())
        .forEach(verdict -> broken.add(verdict.guarantee() + " " + verdict.examples()));
    int busiest = back.values().stream().mapToInt(Integer::intValue).max().orElse(0);
    double evenly = (double) returned / over.toSeconds();
    return new BenchReport(
        String.format(
            Locale.ROOT,
            "an edge with %,d sockets (%d clients by the JavaScript SDK on both edges) drains over"
                + " %d s while agents write",
            sockets,
            sdkFleet.isPresent() ? sdk : 0,
            over.toSeconds()),
        table(closes, back, judgement),
        List.of(
            new Target(
                "reconnects in the busiest second, of an even share",
                busiest / evenly,
                MAX_BUSIEST,
                " ×")),
        broken);
  }

  private static List<String> table(
      Map<Integer, Integer> closes, Map<Long, Integer> back, Judgement judgement) {
    List<String> table = new ArrayList<>();
    table.add("second  reconnects");
    int most = back.values().stream().mapToInt(Integer::intValue).max().orElse(1);
    long last = back.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
    for (long second = 0; second <= last; second++) {
      int count = back.getOrDefault(second, 0);
      table.add(
          String.format(Locale.ROOT, "%6d  %6d %s", second, count, "#".repeat(BAR * count / most)));
    }
    table.add("");
    closes.forEach((code, times) -> table.add(String.format("closed with %d: %,d", code, times)));
    table.add("");
    for (Verdict verdict : judgement.verdicts()) {
      table.add(
          String.format(
              Locale.ROOT,
              "%-26s %,12d checked %,8d broken",
              verdict.guarantee(),
              verdict.checked(),
              verdict.broken()));
    }
    return table;
  }
}
