package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runwire.audit.BundleLine;
import io.runwire.audit.Judgement;
import io.runwire.audit.NotaryKey;
import io.runwire.audit.Verification;
import io.runwire.deploy.audit.LedgerRuns;
import io.runwire.deploy.audit.LedgerRuns.Place;
import io.runwire.processor.audit.BundleExport;
import io.runwire.processor.audit.BundleExport.Exported;
import io.runwire.processor.audit.BundleExport.NotSignedException;
import io.runwire.processor.audit.BundleExport.Wanted;
import io.runwire.processor.audit.Notary;
import io.runwire.processor.audit.NotaryConfig;
import io.runwire.producer.AgentRun;
import io.runwire.producer.RunOptions;
import io.runwire.producer.TextMessage;
import io.runwire.topic.ThreadPartitioner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent wrote is signed, exported and proven, over a real broker and router. */
class AuditIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final NotaryKey KEY = NotaryKey.generate("example.org/audit");
  private static final String THREAD = "audit.one";

  @TempDir private static Path folder;
  private static Runwired system;
  private static Notary notary;

  @BeforeAll
  static void start() throws Exception {
    system = new Runwired();
    Path keyFile = folder.resolve("key");
    Files.writeString(keyFile, KEY.secret());
    notary =
        Notary.start(
            NotaryConfig.of(
                Map.of(
                    "bootstrap.servers", system.bootstrapServers(),
                    "partitions", Integer.toString(Runwired.PARTITIONS),
                    "key.file", keyFile.toString(),
                    "archive.dir", folder.resolve("archive").toString(),
                    "checkpoint.records", "50",
                    "checkpoint.ms", "300",
                    "management.port", "0")));
  }

  @AfterAll
  static void stop() throws Exception {
    notary.close();
    system.close();
  }

  @Test
  void aRunBetweenOthersIsProvenWhole() throws Exception {
    write(THREAD, "before", 20);
    write(THREAD, "wanted", 300);
    write(THREAD, "after", 20);
    write(neighbour(THREAD), "neighbour", 100);
    Judgement judgement = judge(export(finished("wanted"), new ArrayList<>()));
    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.sentence()).contains("run wanted of thread " + THREAD + " is whole");
  }

  @Test
  void repetitionsOfARestartedRouterDoNotDisturbTheProof() throws Exception {
    try (AgentRun run =
        system.producer().startRun(RunOptions.onThread("audit.restart").withRun("restarted"))) {
      try (TextMessage message = run.message()) {
        for (int i = 0; i < 200; i++) {
          message.delta("word " + i + " ");
          if (i == 100) {
            system.stopRouter();
            system.startRouter();
          }
        }
      }
      run.complete();
    }
    assertThat(judge(export(finished("restarted"), new ArrayList<>())).findings()).isEmpty();
  }

  @Test
  void aThreadIsProvenWithAllItsRuns() throws Exception {
    write("audit.many", "many-1", 10);
    write("audit.many", "many-2", 10);
    Place first = finished("many-1");
    Place last = finished("many-2");
    List<BundleLine> lines = new ArrayList<>();
    export(
        new Wanted(
            "audit.many",
            Optional.empty(),
            first.partition(),
            first.firstOffset(),
            last.lastOffset()),
        lines);
    Judgement judgement = judge(lines);
    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.ended()).isEmpty();
  }

  @Test
  void aRecordTakenOutOfAnExportedBundleIsMissed() throws Exception {
    write("audit.tampered", "tampered", 30);
    List<BundleLine> lines = new ArrayList<>(export(finished("tampered"), new ArrayList<>()));
    int entry = 0;
    while (!(lines.get(entry) instanceof BundleLine.Entry)) {
      entry++;
    }
    lines.remove(entry + 3);
    assertThat(judge(lines).proven()).isFalse();
  }

  @Test
  void readsOnlyTheSpansThatTheRunLiesIn() throws Exception {
    String thread = "audit.span";
    write(neighbour(thread), "much-1", 2_000);
    write(thread, "little", 10);
    write(neighbour(thread), "much-2", 2_000);
    Place place = finished("little");
    List<BundleLine> lines = new ArrayList<>();
    Exported exported = exported(wanted(place), lines);
    System.out.printf(
        "exported %d records of a run, %d of the log read of %d before and behind it%n",
        exported.entries(), exported.recordsRead(), 4_000);
    assertThat(exported.recordsRead()).isLessThan(1_000);
    assertThat(judge(lines).findings()).isEmpty();
  }

  private static void write(String thread, String run, int deltas) throws Exception {
    try (AgentRun agent = system.producer().startRun(RunOptions.onThread(thread).withRun(run))) {
      try (TextMessage message = agent.message()) {
        for (int i = 0; i < deltas; i++) {
          message.delta("word " + i + " ");
        }
      }
      agent.complete();
    }
  }

  /** Another thread in the same partition. */
  private static String neighbour(String thread) {
    int partition = ThreadPartitioner.partition(thread, Runwired.PARTITIONS);
    for (int i = 0; ; i++) {
      String other = thread + ".neighbour" + i;
      if (ThreadPartitioner.partition(other, Runwired.PARTITIONS) == partition) {
        return other;
      }
    }
  }

  private static Place finished(String run) {
    LedgerRuns ledger = new LedgerRuns(system.ledger());
    return await()
        .atMost(SOON)
        .ignoreExceptions()
        .until(
            () -> ledger.run(run),
            place -> place.filter(p -> p.status().equals("FINISHED")).isPresent())
        .orElseThrow();
  }

  private static Wanted wanted(Place place) {
    return new Wanted(
        place.thread(),
        Optional.of(place.run()),
        place.partition(),
        place.firstOffset(),
        place.lastOffset());
  }

  private static List<BundleLine> export(Place place, List<BundleLine> lines) {
    return export(wanted(place), lines);
  }

  private static List<BundleLine> export(Wanted wanted, List<BundleLine> lines) {
    exported(wanted, lines);
    return lines;
  }

  /** Waits for the notary where it must. */
  private static Exported exported(Wanted wanted, List<BundleLine> lines) {
    return await()
        .atMost(SOON)
        .ignoreException(NotSignedException.class)
        .until(
            () -> {
              lines.clear();
              try (BundleExport export =
                  new BundleExport(Map.of("bootstrap.servers", system.bootstrapServers()))) {
                return export.export(wanted, lines::add);
              }
            },
            exported -> true);
  }

  private static Judgement judge(List<BundleLine> lines) {
    Verification verification = new Verification(KEY.publicKey());
    lines.forEach(line -> verification.line(line.toJson()));
    return verification.judge();
  }
}
