package io.runwire.loadtest.measure;

import io.runwire.loadtest.journal.Seen;
import io.runwire.loadtest.process.Layout;
import io.runwire.loadtest.process.Tuning;
import io.runwire.loadtest.report.BenchReport;
import io.runwire.loadtest.report.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * All clients of an edge lose their connections at once and come back with their cursors: how long
 * it takes until each of them has caught up, and what those feel who stayed.
 *
 * @param storm clients that are dropped
 * @param live clients that are not
 * @param perSecond events, on all threads
 * @param rounds each a calm phase and a storm
 * @param warmUp traffic before the first of them
 */
public record StormBench(int storm, int live, double perSecond, int rounds, Duration warmUp)
    implements Bench {
  private static final double MAX_P99_RATIO = 2;
  private static final double MAX_RESUMED_S = 60;
  private static final int BYTES = 500;
  private static final int THREADS = 50;
  private static final Duration CALM = Duration.ofSeconds(10);
  private static final Duration AFTERMATH = Duration.ofSeconds(2);

  private static final Tuning TUNING =
      Tuning.measured(Map.of("connections.unauthenticated", "20000"));

  public StormBench {
    Sizes.require("clients", storm, 1, Sizes.MOST_CLIENTS / 2);
    Sizes.require("live", live, 1, Sizes.MOST_CLIENTS / 2);
    Sizes.require("events", perSecond, 1, 100_000);
    Sizes.require("rounds", rounds, 1, 1_000);
    Sizes.require("warm-up-seconds", warmUp.toSeconds(), 0, 3_600);
  }

  @Override
  public BenchReport run(Setting setting)
      throws IOException, InterruptedException, TimeoutException {
    try (Rig rig = Rig.start(setting, new Layout(1, 1, 1, 8), TUNING)) {
      String threads = "live.*" + THREADS;
      Readers staying = rig.audience("staying", live, threads);
      Readers dropped = rig.audience("dropped", storm, threads);
      rig.pulses("pulse", threads, perSecond, BYTES, 0);
      rig.say("warm-up: " + warmUp.toSeconds() + " s of traffic, then a storm that does not count");
      TimeUnit.NANOSECONDS.sleep(warmUp.toNanos());
      storm(dropped, 1);
      List<Phase> without = new ArrayList<>();
      List<Phase> with = new ArrayList<>();
      for (int i = 1; i <= rounds; i++) {
        rig.say("round " + i + " of " + rounds);
        without.add(Phase.lasting(CALM.toMillis()));
        with.add(storm(dropped, i + 1));
      }
      TimeUnit.NANOSECONDS.sleep(CALM.toNanos());
      dropped.leave();
      staying.leave();
      return report(Comparison.of("a storm", staying.delays(), without, with), dropped, with);
    }
  }

  /** From the drop to when all are connected again and a little more, in which they catch up. */
  private Phase storm(Readers dropped, int number) throws InterruptedException, TimeoutException {
    long fromMs = System.currentTimeMillis();
    dropped.fleet().tell("drop");
    dropped.awaitLines("up", (long) storm * (number + 1));
    return new Phase(fromMs, Phase.lasting(AFTERMATH.toMillis()).toMs());
  }

  private BenchReport report(Comparison comparison, Readers dropped, List<Phase> storms) {
    List<Double> resumedS = new ArrayList<>();
    List<String> broken = new ArrayList<>();
    for (Phase one : storms) {
      OptionalLong last = lastHandedSomething(dropped, one.fromMs());
      if (last.isPresent()) {
        resumedS.add((last.getAsLong() - one.fromMs()) / 1_000.0);
      } else {
        broken.add("a client was handed nothing any more after a storm");
      }
    }
    double longest = resumedS.stream().mapToDouble(Double::doubleValue).max().orElse(Double.NaN);
    List<String> table = new ArrayList<>(comparison.table());
    table.add("");
    table.add("until the last one was handed events again, s: " + resumedS);
    try (Stream<Seen> seen = dropped.seen()) {
      long gaps = seen.filter(Seen.Gap.class::isInstance).count();
      if (gaps > 0) {
        broken.add(gaps + " gaps were told");
      }
    }
    return new BenchReport(
        String.format(
            Locale.ROOT,
            "%,d clients dropped at once beside %,d that stay, on one edge; %.0f events/s",
            storm,
            live,
            perSecond),
        table,
        List.of(
            new Target("all resumed after", longest, MAX_RESUMED_S, " s"),
            new Target(
                "p99 of those who stayed, with / without",
                comparison.p99Ratio(),
                MAX_P99_RATIO,
                "")),
        broken);
  }

  /** When the last of the clients had its first event behind its new connection. */
  private OptionalLong lastHandedSomething(Readers dropped, long sinceMs) {
    Map<String, Boolean> up = new HashMap<>();
    Map<String, Long> first = new HashMap<>();
    try (Stream<Seen> seen = dropped.seen()) {
      seen.filter(line -> line.ms() >= sinceMs)
          .forEach(
              line -> {
                if (line instanceof Seen.Up) {
                  up.put(line.client(), true);
                } else if (line instanceof Seen.Event && up.containsKey(line.client())) {
                  first.putIfAbsent(line.client(), line.ms());
                }
              });
    }
    return first.size() < storm
        ? OptionalLong.empty()
        : first.values().stream().mapToLong(Long::longValue).max();
  }
}
