package io.runwire.loadtest.measure;

import io.runwire.audit.NotaryKey;
import io.runwire.config.SecretFile;
import io.runwire.loadtest.process.Node;
import io.runwire.loadtest.report.BenchReport;
import io.runwire.loadtest.report.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Whether a notary keeps up: it finds a backlog in the log and signs it, its broker on the same
 * machine.
 *
 * @param records of the backlog
 * @param threads that wrote it
 * @param bytes of a value
 */
public record NotaryBench(long records, int threads, int bytes) implements Bench {
  private static final double EVENTS_A_SECOND = 10_000;
  private static final int PARTITIONS = 8;

  /** What the notary waits for at the end of a partition, up to its 10 s. */
  private static final int CHECKPOINT = 1_000;

  private static final Duration SIGNED_WITHIN = Duration.ofMinutes(15);
  private static final long LOOK_EVERY_MS = 1_000;

  /** What the notary said, and when. */
  private record Look(long atNs, long signed, long lag, Duration cpu) {}

  public NotaryBench {
    if (records < 2L * PARTITIONS * CHECKPOINT) {
      throw new IllegalArgumentException(
          "records: " + records + " (expected: >= " + 2 * PARTITIONS * CHECKPOINT + ")");
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: >= 1)");
    }
  }

  @Override
  public BenchReport run(Setting setting)
      throws IOException, InterruptedException, TimeoutException {
    try (LogRig rig = LogRig.start(setting, PARTITIONS)) {
      rig.say(String.format(Locale.ROOT, "writing %,d records", records));
      new Backlog(records, threads, bytes).write(rig.kafka().bootstrapServers());
      Path key = rig.data().resolve("notary.key");
      SecretFile.create(key, List.of(NotaryKey.generate("localhost/bench").secret()));
      Node notary =
          rig.run(
              "notary",
              Map.of(
                  "key.file",
                  key.toString(),
                  "archive.dir",
                  rig.data().resolve("archive").toString()));
      rig.say("the notary signs");
      return report(watch(notary));
    }
  }

  /** Looks until all is signed. */
  private List<Look> watch(Node notary) throws InterruptedException, TimeoutException {
    Metrics metrics = new Metrics(notary.ready());
    List<Look> looks = new ArrayList<>();
    long giveUpNs = System.nanoTime() + SIGNED_WITHIN.toNanos();
    while (looks.isEmpty() || looks.get(looks.size() - 1).signed() < records) {
      if (System.nanoTime() > giveUpNs) {
        throw new TimeoutException("not signed within " + SIGNED_WITHIN + ": " + looks);
      }
      try {
        looks.add(
            new Look(
                System.nanoTime(),
                (long) metrics.sum("runwire_notary_records_signed_total"),
                (long) metrics.sum("runwire_notary_lag_records"),
                LogRig.cpu(notary.process())));
      } catch (IOException e) {
        throw new IllegalStateException("the notary gives no figures", e);
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
    }
    return looks;
  }

  /** The end is where nothing is left but what waits for a checkpoint's time. */
  private BenchReport report(List<Look> looks) {
    Look first = looks.get(0);
    Look last =
        looks.stream()
            .filter(look -> look.signed() >= records - (long) PARTITIONS * CHECKPOINT)
            .findFirst()
            .orElseThrow();
    double seconds = (last.atNs() - first.atNs()) / 1e9;
    long signed = last.signed() - first.signed();
    double microseconds = 1e6 * seconds / signed;
    double cpu = last.cpu().minus(first.cpu()).toNanos() / 1e3 / signed;
    List<String> table = new ArrayList<>();
    table.add(String.format(Locale.ROOT, "%8s %12s %12s", "second", "signed", "lag"));
    for (Look look : looks) {
      table.add(
          String.format(
              Locale.ROOT,
              "%8.1f %,12d %,12d",
              (look.atNs() - first.atNs()) / 1e9,
              look.signed(),
              look.lag()));
    }
    table.add("");
    table.add(
        String.format(
            Locale.ROOT,
            "%,d records signed in %.1f s: %,.0f a second; CPU of the notary %.1f µs a record",
            signed,
            seconds,
            signed / seconds,
            cpu));
    return new BenchReport(
        String.format(
            Locale.ROOT,
            "a notary and a backlog of %,d records of %d bytes, %,d threads, %d partitions",
            records,
            bytes,
            threads,
            PARTITIONS),
        table,
        List.of(new Target("time of a record", microseconds, 1e6 / EVENTS_A_SECOND, " µs")),
        looks.get(looks.size() - 1).signed() == records
            ? List.of()
            : List.of("signed " + looks.get(looks.size() - 1).signed() + " of " + records));
  }
}
