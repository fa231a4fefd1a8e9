package io.runwire.loadtest.measure;

import io.runwire.audit.NotaryKey;
import io.runwire.loadtest.process.Await;
import io.runwire.loadtest.process.ChildProcess;
import io.runwire.loadtest.process.FolderTree;
import io.runwire.loadtest.process.KafkaCluster;
import io.runwire.loadtest.process.Node;
import io.runwire.loadtest.process.Ports;
import io.runwire.loadtest.process.ProcessGroup;
import io.runwire.loadtest.process.Program;
import io.runwire.loadtest.report.BenchReport;
import io.runwire.loadtest.report.Target;
import java.io.IOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
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
  private static final String HEAP = "512m";

  /** The compiler of a program that lives long: small tools and tests do without. */
  private static final List<String> LONG_LIVED = List.of("-XX:TieredStopAtLevel=4");

  /** What the notary waits for at the end of a partition, up to its 10 s. */
  private static final int CHECKPOINT = 1_000;

  private static final Duration TOPICS_WITHIN = Duration.ofMinutes(1);
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
    Path data = Files.createDirectories(setting.directory().data());
    Path logs = Files.createDirectories(setting.directory().logs());
    try (ProcessGroup group =
            // Whoever waits for one of them notices that it has ended.
            new ProcessGroup(ended -> {}, () -> FolderTree.delete(data));
        KafkaCluster kafka = KafkaCluster.start(group, data, logs, 1, List.of())) {
      createTopics(setting, group, kafka);
      setting.progress().accept(String.format(Locale.ROOT, "writing %,d records", records));
      new Backlog(records, threads, bytes).write(kafka.bootstrapServers());
      Node notary = start(setting, group, kafka, data);
      notary.awaitReady();
      setting.progress().accept("the notary signs");
      return report(watch(notary));
    }
  }

  private void createTopics(Setting setting, ProcessGroup group, KafkaCluster kafka)
      throws InterruptedException, TimeoutException {
    ChildProcess topics =
        group.add(
            new Program(
                "topics",
                setting
                    .launch()
                    .command(
                        HEAP,
                        List.of(),
                        "topics",
                        "--bootstrap",
                        kafka.bootstrapServers(),
                        "--partitions",
                        Integer.toString(PARTITIONS),
                        "--replication-factor",
                        "1"),
                setting.directory().logs().resolve("topics.log")));
    topics.start();
    Await.until("topics created", TOPICS_WITHIN, () -> !topics.alive());
  }

  private Node start(Setting setting, ProcessGroup group, KafkaCluster kafka, Path data)
      throws IOException {
    Path key = data.resolve("notary.key");
    Files.writeString(key, NotaryKey.generate("localhost/bench").secret());
    int management = Ports.next();
    Properties settings = new Properties();
    settings.put("bootstrap.servers", kafka.bootstrapServers());
    settings.put("partitions", Integer.toString(PARTITIONS));
    settings.put("key.file", key.toString());
    settings.put("archive.dir", data.resolve("archive").toString());
    settings.put("management.port", Integer.toString(management));
    Path file = data.resolve("notary.properties");
    try (Writer out = Files.newBufferedWriter(file)) {
      settings.store(out, null);
    }
    ChildProcess process =
        group.add(
            new Program(
                "notary",
                setting.launch().command(HEAP, LONG_LIVED, "notary", "--config", file.toString()),
                setting.directory().logs().resolve("notary.log")));
    process.start();
    return new Node(process, URI.create("http://127.0.0.1:" + management + "/readyz"), List.of());
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
                cpu(notary)));
      } catch (IOException e) {
        throw new IllegalStateException("the notary gives no figures", e);
      }
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
    }
    return looks;
  }

  private static Duration cpu(Node notary) {
    return ProcessHandle.of(notary.process().pid())
        .flatMap(process -> process.info().totalCpuDuration())
        .orElse(Duration.ZERO);
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
