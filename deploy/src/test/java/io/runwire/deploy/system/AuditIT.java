package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.audit.BundleLine;
import io.runwire.audit.Judgement;
import io.runwire.deploy.audit.LedgerRuns.Place;
import io.runwire.processor.audit.BundleExport.Exported;
import io.runwire.processor.audit.BundleExport.Wanted;
import io.runwire.producer.AgentRun;
import io.runwire.producer.RunOptions;
import io.runwire.producer.TextMessage;
import io.runwire.topic.ThreadPartitioner;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent wrote is signed, exported and proven, over a real broker and router. */
class AuditIT {
  private static final String THREAD = "audit.one";

  @TempDir private static Path folder;
  private static Runwired system;
  private static Auditor auditor;

  @BeforeAll
  static void start() throws Exception {
    system = new Runwired();
    auditor = new Auditor(system, folder);
  }

  @AfterAll
  static void stop() throws Exception {
    auditor.close();
    system.close();
  }

  @Test
  void aRunBetweenOthersIsProvenWhole() throws Exception {
    write(THREAD, "before", 20);
    write(THREAD, "wanted", 300);
    write(THREAD, "after", 20);
    write(neighbour(THREAD), "neighbour", 100);
    Judgement judgement = Auditor.judge(auditor.export(auditor.ended("wanted")));
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
    assertThat(Auditor.judge(auditor.export(auditor.ended("restarted"))).findings()).isEmpty();
  }

  @Test
  void aThreadIsProvenWithAllItsRuns() throws Exception {
    write("audit.many", "many-1", 10);
    write("audit.many", "many-2", 10);
    Place first = auditor.ended("many-1");
    Place last = auditor.ended("many-2");
    List<BundleLine> lines = new ArrayList<>();
    auditor.export(
        new Wanted(
            "audit.many",
            Optional.empty(),
            first.partition(),
            first.firstOffset(),
            last.lastOffset()),
        lines);
    Judgement judgement = Auditor.judge(lines);
    assertThat(judgement.findings()).isEmpty();
    assertThat(judgement.ended()).isEmpty();
  }

  @Test
  void aRecordTakenOutOfAnExportedBundleIsMissed() throws Exception {
    write("audit.tampered", "tampered", 30);
    List<BundleLine> lines = new ArrayList<>(auditor.export(auditor.ended("tampered")));
    int entry = 0;
    while (!(lines.get(entry) instanceof BundleLine.Entry)) {
      entry++;
    }
    lines.remove(entry + 3);
    assertThat(Auditor.judge(lines).proven()).isFalse();
  }

  @Test
  void readsOnlyTheSpansThatTheRunLiesIn() throws Exception {
    String thread = "audit.span";
    write(neighbour(thread), "much-1", 2_000);
    write(thread, "little", 10);
    write(neighbour(thread), "much-2", 2_000);
    Place place = auditor.ended("little");
    List<BundleLine> lines = new ArrayList<>();
    Exported exported = auditor.export(Auditor.wanted(place), lines);
    System.out.printf(
        "exported %d records of a run, %d of the log read of %d before and behind it%n",
        exported.entries(), exported.recordsRead(), 4_000);
    assertThat(exported.recordsRead()).isLessThan(1_000);
    assertThat(Auditor.judge(lines).findings()).isEmpty();
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
}
