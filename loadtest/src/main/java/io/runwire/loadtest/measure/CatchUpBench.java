package io.runwire.loadtest.measure;

import io.runwire.loadtest.journal.Seen;
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
import java.util.stream.Stream;

/**
 * A client that is many events of other threads behind catches up beside live ones in the same
 * partition: what the live ones feel, and how long it takes. The window is small, so nearly all of
 * it is read from Kafka.
 *
 * <p>It is compared with a client that has nothing to catch up. Both are processes that have just
 * begun, which on a small machine is more to be felt than what they read. Both phases of a round
 * are of one length: a longer one has more of the pauses that are there anyway.
 *
 * @param behind events of other threads that it has to pass
 * @param live readers
 * @param perSecond live events, on all their threads
 * @param rounds each one of the other clients and a catch-up
 * @param warmUp traffic before the first of them
 */
public record CatchUpBench(long behind, int live, double perSecond, int rounds, Duration warmUp)
    implements Bench {
  private static final double MAX_P99_RATIO = 1.2;
  private static final String BEHIND = "--from=earliest";
  private static final String LEVEL = "--from=latest";
  private static final int BYTES = 500;
  private static final int THREADS = 20;
  private static final double FILL_PER_SECOND = 5_000;

  /** From its connection on, at least: what a short catch-up leaves behind counts, too. */
  private static final long PHASE_MS = 1_000;

  private static final Tuning TUNING =
      Tuning.measured(Map.of("connections.unauthenticated", "20000", "window.bytes", "4194304"));

  public CatchUpBench {
    Sizes.require("behind", behind, 1, 10_000_000);
    Sizes.require("live", live, 1, Sizes.MOST_CLIENTS);
    Sizes.require("events", perSecond, 1, 100_000);
    Sizes.require("rounds", rounds, 1, 1_000);
    Sizes.require("warm-up-seconds", warmUp.toSeconds(), 0, 3_600);
  }

  @Override
  public BenchReport run(Setting setting)
      throws IOException, InterruptedException, TimeoutException {
    try (Rig rig = Rig.start(setting, new Layout(1, 1, 1, 1), TUNING)) {
      rig.say("writing " + behind + " events");
      rig.pulses("filler", "other.*100", FILL_PER_SECOND, BYTES, behind);
      rig.awaitLogged(behind);
      Readers readers = rig.audience("live", live, "live.*" + THREADS);
      rig.pulses("pulse", "live.*" + THREADS, perSecond, BYTES, 0);
      rig.say(
          "warm-up: " + warmUp.toSeconds() + " s of traffic, then a catch-up that does not count");
      TimeUnit.NANOSECONDS.sleep(warmUp.toNanos());
      long phaseMs = join(rig, BEHIND, PHASE_MS).phase().lengthMs();
      List<Phase> without = new ArrayList<>();
      List<Phase> with = new ArrayList<>();
      List<Double> liveAfterS = new ArrayList<>();
      for (int i = 1; i <= rounds; i++) {
        rig.say("round " + i + " of " + rounds);
        without.add(join(rig, LEVEL, phaseMs).phase());
        Joined late = join(rig, BEHIND, PHASE_MS);
        with.add(late.phase());
        phaseMs = late.phase().lengthMs();
        liveAfterS.add(late.liveAfterMs() / 1_000.0);
      }
      readers.leave();
      return report(Comparison.of("catching up", readers.delays(), without, with), liveAfterS);
    }
  }

  /**
   * A client that came, by its own journal.
   *
   * @param liveAfterMs from its connection to its live position
   */
  private record Joined(long upMs, long liveAfterMs, long atLeastMs) {
    Phase phase() {
      return new Phase(upMs, upMs + Math.max(atLeastMs, liveAfterMs));
    }
  }

  /** A client that comes, and stays for the phase. */
  private static Joined join(Rig rig, String from, long atLeastMs)
      throws IOException, InterruptedException, TimeoutException {
    Readers one = rig.readers("joining", 1, "quiet.*1", from);
    one.awaitLines("live", 1);
    long upMs = first(one, Seen.Up.class);
    Joined joined = new Joined(upMs, first(one, Seen.Live.class) - upMs, atLeastMs);
    TimeUnit.MILLISECONDS.sleep(joined.phase().toMs() - System.currentTimeMillis());
    one.leave();
    return joined;
  }

  private static long first(Readers readers, Class<? extends Seen> kind) {
    try (Stream<Seen> seen = readers.seen()) {
      return seen.filter(kind::isInstance).mapToLong(Seen::ms).findFirst().orElseThrow();
    }
  }

  private BenchReport report(Comparison comparison, List<Double> liveAfterS) {
    List<String> table = new ArrayList<>(comparison.table());
    table.add("");
    table.add("until it was live, s: " + liveAfterS);
    return new BenchReport(
        String.format(
            Locale.ROOT,
            "one client %,d events of other threads behind, beside %,d live ones in the same"
                + " partition; %.0f events/s",
            behind,
            live,
            perSecond),
        table,
        List.of(new Target("live p99, with / without", comparison.p99Ratio(), MAX_P99_RATIO, "")),
        List.of());
  }
}
