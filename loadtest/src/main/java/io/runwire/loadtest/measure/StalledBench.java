package io.runwire.loadtest.measure;

import io.runwire.loadtest.process.Await;
import io.runwire.loadtest.process.Fleet;
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
 * Readers that stop reading beside live ones on one edge: what the live ones feel, how long the
 * edge waits for the others, and what they occupy meanwhile.
 *
 * <p>A round is a calm phase and one that begins when the stalled readers' windows are full and
 * ends when the last of them was given up. They have read one event each; half of them go on
 * acknowledging it; none of them comes back. A last round, in which nobody is timed, is for the
 * memory: to look at it stops the edge.
 *
 * @param live readers, on {@code threads} threads
 * @param stalled readers, on threads of their own in the same partitions
 * @param perSecond events on all live threads
 * @param bytes of an event
 * @param warmUp traffic before the first round
 */
public record StalledBench(
    int live, int stalled, int threads, double perSecond, int bytes, int rounds, Duration warmUp)
    implements Bench {
  private static final double MAX_P99_RATIO = 1.2;
  private static final double MAX_GIVEN_UP_S = 15;

  /** Rounds before the first that counts: what serves the stalled ones is compiled in them. */
  private static final int MOST_UNCOUNTED = 3;

  private static final Duration CALM = Duration.ofSeconds(12);
  private static final Duration GIVEN_UP_WITHIN = Duration.ofSeconds(60);

  /** Not more often: each look is some milliseconds of the edge's and of this process's. */
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  private static final Duration FULL_AFTER = Duration.ofSeconds(4);

  /** So that what is timed is their stall, and not that two JVMs and a thousand sockets begin. */
  private static final Duration AT_HOME_AFTER = Duration.ofSeconds(6);

  /** Less is the rest of this machine's. */
  private static final double GROWTH = 1.02;

  private static final Duration SETTLED_AFTER = Duration.ofSeconds(3);
  private static final String CONNECTIONS = "runwire_edge_connections";
  private static final String GIVEN_UP = "runwire_edge_given_up_total";

  /** More than a socket takes whose peer does not read: 64 KiB to be sent, as the kernel counts. */
  private static final int FILL_BYTES = 512 << 10;

  /** What the edge lets a socket hold; the kernel counts some twice of it. */
  private static final int FULL_BYTES = 64 << 10;

  private static final int FILL_EVENT_BYTES = 4_000;
  private static final int FILL_THREADS = 8;

  /** A zero window at once. */
  private static final String SMALL_RECEIVE_BUFFER = "--receive-buffer-bytes=4096";

  private static final Tuning TUNING =
      Tuning.measured(Map.of("connections.unauthenticated", "20000"));

  /**
   * A round's stalled readers.
   *
   * @param fullMs when the kernel took no more for them
   */
  private record Stalled(
      List<Readers> groups, List<Fleet> writers, long givenUpBefore, long fullMs) {}

  public StalledBench {
    Sizes.require("live", live, 1, Sizes.MOST_CLIENTS / 2);
    Sizes.require("stalled", stalled, 2, Sizes.MOST_CLIENTS / 2);
    Sizes.require("threads", threads, 1, live);
    Sizes.require("events", perSecond, 1, 100_000);
    Sizes.require("bytes", bytes, 1, 100_000);
    Sizes.require("rounds", rounds, 1, 1_000);
    Sizes.require("warm-up-seconds", warmUp.toSeconds(), 0, 3_600);
  }

  @Override
  public BenchReport run(Setting setting)
      throws IOException, InterruptedException, TimeoutException {
    try (Rig rig = Rig.start(setting, new Layout(1, 1, 1, 8), TUNING)) {
      EdgeProbe edge = new EdgeProbe(rig.edge());
      Readers readers = rig.audience("live", live, "live.*" + threads);
      rig.pulses("pulse", "live.*" + threads, perSecond, bytes, 0);
      int uncounted = Math.min(MOST_UNCOUNTED, rounds);
      rig.say(
          "warm-up: "
              + warmUp.toSeconds()
              + " s of traffic; rounds that do not count: "
              + uncounted);
      TimeUnit.NANOSECONDS.sleep(warmUp.toNanos());
      for (int i = 0; i < uncounted; i++) {
        round(rig, edge);
      }
      List<Phase> without = new ArrayList<>();
      List<Phase> with = new ArrayList<>();
      List<Double> givenUpS = new ArrayList<>();
      for (int i = 1; i <= rounds; i++) {
        rig.say("round " + i + " of " + rounds);
        without.add(calm(edge));
        Given given = round(rig, edge);
        with.add(given.phase());
        givenUpS.add(given.afterS());
      }
      rig.say("a last round for the memory");
      EdgeProbe.Memory base = edge.memory();
      Stalled last = stall(rig, edge);
      EdgeProbe.Memory held = edge.memory();
      awaitGivenUp(edge, last);
      send(last, edge);
      EdgeProbe.Memory after = edge.memory();
      readers.leave();
      Comparison comparison = Comparison.of(stalled + " stalled", readers.delays(), without, with);
      return report(comparison, givenUpS, List.of(base, held, after), readers);
    }
  }

  /**
   * What a round showed.
   *
   * @param afterS from when their windows were full to the last one's end
   */
  private record Given(Phase phase, double afterS) {}

  private Given round(Rig rig, EdgeProbe edge)
      throws IOException, InterruptedException, TimeoutException {
    Stalled stalled = stall(rig, edge);
    long fromMs = System.currentTimeMillis();
    awaitGivenUp(edge, stalled);
    long toMs = System.currentTimeMillis();
    send(stalled, edge);
    return new Given(new Phase(fromMs, toMs), (toMs - stalled.fullMs()) / 1_000.0);
  }

  /** Returns when all of them have stopped and their windows are full. */
  private Stalled stall(Rig rig, EdgeProbe edge)
      throws IOException, InterruptedException, TimeoutException {
    long givenUpBefore = (long) edge.metric(GIVEN_UP);
    String stalledThreads = "stalled.*" + FILL_THREADS;
    List<Readers> groups = new ArrayList<>();
    for (boolean ack : List.of(true, false)) {
      int share = ack ? stalled / 2 : stalled - stalled / 2;
      groups.add(
          rig.readers(
              ack ? "stalled-acking" : "stalled-silent",
              share,
              stalledThreads,
              "--from=latest",
              "--reads-events=1",
              "--ack=" + ack,
              SMALL_RECEIVE_BUFFER));
    }
    for (Readers group : groups) {
      group.awaitSubscribed();
    }
    Fleet first = rig.pulses("first", stalledThreads, FILL_THREADS, bytes, FILL_THREADS);
    for (Readers group : groups) {
      group.awaitLines("event", group.clients());
    }
    TimeUnit.NANOSECONDS.sleep(AT_HOME_AFTER.toNanos());
    long before = SocketMemory.bytes();
    long events = (long) FILL_THREADS * FILL_BYTES / FILL_EVENT_BYTES;
    Fleet filler = rig.pulses("filler", stalledThreads, events, FILL_EVENT_BYTES, events);
    return new Stalled(groups, List.of(first, filler), givenUpBefore, awaitFull(before));
  }

  /**
   * Returns when the kernel has taken no more for a while; when it took the last.
   *
   * @param before what it held when their windows were empty
   */
  private long awaitFull(long before) throws IOException, InterruptedException, TimeoutException {
    long enough = before + (long) stalled * FULL_BYTES;
    long giveUpMs = System.currentTimeMillis() + GIVEN_UP_WITHIN.toMillis();
    long most = 0;
    long grewMs = 0;
    while (most < enough || System.currentTimeMillis() < grewMs + FULL_AFTER.toMillis()) {
      if (System.currentTimeMillis() > giveUpMs) {
        throw new TimeoutException("the windows of the stalled readers were not filled");
      }
      long now = SocketMemory.bytes();
      if (now > most * GROWTH) {
        most = now;
        grewMs = System.currentTimeMillis();
      }
      TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
    }
    return grewMs;
  }

  private void awaitGivenUp(EdgeProbe edge, Stalled stalled)
      throws IOException, InterruptedException, TimeoutException {
    long giveUpMs = System.currentTimeMillis() + GIVEN_UP_WITHIN.toMillis();
    while (edge.metric(GIVEN_UP) - stalled.givenUpBefore() < this.stalled) {
      if (System.currentTimeMillis() > giveUpMs) {
        throw new TimeoutException("not all stalled readers were given up");
      }
      TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
    }
  }

  /** The edge is looked at as often as in the other half of a round. */
  private static Phase calm(EdgeProbe edge) throws IOException, InterruptedException {
    long fromMs = System.currentTimeMillis();
    while (System.currentTimeMillis() < fromMs + CALM.toMillis()) {
      edge.metric(GIVEN_UP);
      TimeUnit.NANOSECONDS.sleep(LOOK_EVERY.toNanos());
    }
    return new Phase(fromMs, System.currentTimeMillis());
  }

  private void send(Stalled stalled, EdgeProbe edge) throws InterruptedException, TimeoutException {
    stalled.groups().forEach(group -> group.fleet().kill());
    stalled.writers().forEach(Fleet::kill);
    Await.until("only live connections", GIVEN_UP_WITHIN, () -> edge.metric(CONNECTIONS) <= live);
    TimeUnit.NANOSECONDS.sleep(SETTLED_AFTER.toNanos());
  }

  private BenchReport report(
      Comparison comparison, List<Double> givenUpS, List<EdgeProbe.Memory> memory, Readers readers)
      throws IOException {
    double longest = givenUpS.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
    double shortest = givenUpS.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    List<String> table = new ArrayList<>(comparison.table());
    table.add("");
    table.add(
        String.format(
            Locale.ROOT,
            "the last one was given up %.1f..%.1f s after the windows were full",
            shortest,
            longest));
    table.add("");
    table.add(
        String.format(
            Locale.ROOT, "%-26s %12s %12s %14s", "", "heap live", "resident", "TCP (machine)"));
    String[] when = {"before", "with " + stalled + " stalled", "after"};
    for (int i = 0; i < when.length; i++) {
      table.add(
          String.format(
              Locale.ROOT,
              "%-26s %9.1f MB %9.1f MB %11.1f MB",
              when[i],
              megabytes(memory.get(i).heap()),
              megabytes(memory.get(i).resident()),
              megabytes(memory.get(i).sockets())));
    }
    long downs = readers.lines("down") - live; // each said goodbye in the end
    return new BenchReport(
        String.format(
            Locale.ROOT,
            "%,d stalled readers (half of them acknowledging) beside %,d live ones on one edge;"
                + " %.0f events/s of %,d B on %d threads",
            stalled,
            live,
            perSecond,
            bytes,
            threads),
        table,
        List.of(
            new Target("live p99, with / without", comparison.p99Ratio(), MAX_P99_RATIO, ""),
            new Target("given up after", longest, MAX_GIVEN_UP_S, " s")),
        downs > 0 ? List.of(downs + " live connections were lost") : List.of());
  }

  private static double megabytes(long bytes) {
    return bytes / 1_048_576.0;
  }
}
