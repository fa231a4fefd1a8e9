package io.runwire.audit;

import static io.runwire.audit.NotarisedLog.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is signed, how it is written down, and what a notary refuses. */
class NotaryTest {
  private final NotarisedLog log = new NotarisedLog(5, 0);

  @Test
  void writesACheckpointAsTlogCheckpointWants() {
    log.run("t", "r", 5);
    String note = log.checkpoints.get(0).signed().note();
    String[] lines = note.split("\n", -1);
    assertThat(lines[0]).isEqualTo("example.org/runwire/Zm9vYmFyYmF6cXV4MTIzNA/3");
    assertThat(lines[1]).isEqualTo("5");
    assertThat(Hash.parse(lines[2])).contains(log.checkpoints.get(0).checkpoint().root());
    assertThat(lines[3]).isEqualTo("from 0");
    assertThat(lines[4]).isEqualTo("offset 5");
    assertThat(lines[5]).startsWith("threads 1 ");
    assertThat(lines[6]).isEqualTo("time 2026-11-25T14:03:07.112Z");
    assertThat(lines[7]).isEmpty();
    assertThat(lines[8]).startsWith("\u2014 example.org/runwire ");
    assertThat(SignedCheckpoint.parse(note).orElseThrow().signedBy(KEY.publicKey())).isTrue();
  }

  @Test
  void aCheckpointSurvivesItsText() {
    log.run("t", "r", 12);
    log.sign();
    for (CheckpointRecord record : log.checkpoints) {
      assertThat(AuditRecord.parse(record.toJson())).contains(record);
    }
  }

  @Test
  void aCheckpointRecordWhoseHashesDoNotFitIsNone() {
    log.run("t", "r", 5);
    CheckpointRecord sound = log.checkpoints.get(0);
    CheckpointRecord foreign =
        new CheckpointRecord(
            sound.signed(), List.of(Hash.ZERO, Hash.ZERO), sound.leaves(), sound.threads());
    assertThat(AuditRecord.parse(foreign.toJson())).isEmpty();
    CheckpointRecord fewer =
        new CheckpointRecord(sound.signed(), sound.frontier(), sound.leaves(), List.of());
    assertThat(AuditRecord.parse(fewer.toJson())).isEmpty();
    assertThat(AuditRecord.parse("{")).isEmpty();
    assertThat(AuditRecord.parse("{}")).isEmpty();
  }

  @Test
  void saysWhatWasGoneBeforeItWasRead() {
    PartitionTree tree = new PartitionTree(new Origin("n", NotarisedLog.TOPIC, 0), 10);
    tree.skipTo(40);
    Checkpoint checkpoint = tree.sign(KEY, java.time.Instant.EPOCH).checkpoint();
    assertThat(checkpoint.skipped()).containsExactly(new Checkpoint.Skipped(10, 40));
    assertThat(Checkpoint.parse(checkpoint.text())).contains(checkpoint);
  }

  @Test
  void keysSurviveTheirText() {
    assertThat(NotaryPublicKey.parse(KEY.publicKey().toString())).contains(KEY.publicKey());
    NotaryKey again = NotaryKey.parse(KEY.secret() + "\n").orElseThrow();
    assertThat(again.publicKey()).isEqualTo(KEY.publicKey());
    assertThat(again.toString()).doesNotContain(KEY.secret().substring(60));
    log.run("t", "r", 5);
    Checkpoint checkpoint = log.checkpoints.get(0).checkpoint();
    assertThat(
            SignedCheckpoint.parse(again.sign(checkpoint)).orElseThrow().signedBy(KEY.publicKey()))
        .isTrue();
  }

  @Test
  void aKeyOfWhichAPartIsAnothersIsNone() {
    NotaryKey other = NotaryKey.generate(KEY.publicKey().name());
    String mixed = "PRIVATE+RUNWIRE+" + KEY.publicKey() + " " + other.secret().split(" ", 2)[1];
    assertThat(NotaryKey.parse(mixed)).isEqualTo(Optional.empty());
    assertThat(NotaryPublicKey.parse(KEY.publicKey().toString().replaceFirst("example", "exampel")))
        .isEmpty();
    assertThat(NotaryPublicKey.parse("")).isEmpty();
    assertThat(NotaryPublicKey.parse("a+b+c")).isEmpty();
  }

  @Test
  void refusesCheckpointsThatDoNotFollowEachOther() throws Exception {
    log.run("t", "r", 15);
    Resumption resumption = log.resumption();
    resumption.accept(log.checkpoints.get(0));
    assertThatThrownBy(() -> resumption.accept(log.checkpoints.get(2)))
        .isInstanceOf(Resumption.BrokenException.class)
        .hasMessageContaining("begins at 10");
  }

  @Test
  void refusesCheckpointsThatSomebodyElseSigned() throws Exception {
    log.run("t", "r", 5);
    NotaryPublicKey another = NotaryKey.generate(KEY.publicKey().name()).publicKey();
    Resumption resumption = new Resumption(log.checkpoints.get(0).origin(), List.of(another));
    assertThatThrownBy(() -> resumption.accept(log.checkpoints.get(0)))
        .isInstanceOf(Resumption.BrokenException.class)
        .hasMessageContaining("not signed by this notary");
  }

  @Test
  void goesOnFromItsMemoryWithoutTheCheckpointsBefore() throws Exception {
    log.run("one", "r", 5);
    log.run("two", "s", 5);
    List<MemoryRecord> memory = log.resumed(log.checkpoints).memory(KEY, 1);
    assertThat(memory).hasSize(2);
    log.run("one", "q", 5);
    Resumption resumption = log.resumption();
    for (MemoryRecord part : memory) {
      AuditRecord read = AuditRecord.parse(part.toJson()).orElseThrow();
      assertThat(read).isEqualTo(part);
      resumption.accept(read);
    }
    resumption.accept(log.checkpoints.get(2));
    PartitionTree resumed = resumption.tree().orElseThrow();
    assertThat(resumed.threads()).isEqualTo(2);
    assertThat(resumed.root()).isEqualTo(log.checkpoints.get(2).checkpoint().root());
    assertThat(log.resumed(log.checkpoints).memory(KEY, 9)).isEqualTo(resumed.memory(KEY, 9));
  }

  @Test
  void aMemoryKnowsTheThreadsAsTheyStoodAtTheLastCheckpoint() throws Exception {
    log.run("one", "r", 5);
    log.run("two", "s", 5);
    PartitionTree tree = log.resumed(log.checkpoints);
    List<MemoryRecord> memory = tree.memory(KEY, 9);
    log.append("one", "q", 1, 1, "RUN_STARTED");
    log.append("three", "u", 1, 1, "RUN_STARTED");
    tree.add(log.records.get(10));
    tree.add(log.records.get(11));
    assertThat(tree.memory(KEY, 9)).isEqualTo(memory);
  }

  @Test
  void refusesAMemoryThatWasChanged() throws Exception {
    log.run("one", "r", 5);
    MemoryRecord memory = log.resumed(log.checkpoints).memory(KEY, 9).get(0);
    MemoryRecord forged =
        new MemoryRecord(
            memory.origin(),
            memory.size() + 1,
            memory.part(),
            memory.parts(),
            memory.threads(),
            memory.signature());
    assertThatThrownBy(() -> log.resumption().accept(forged))
        .isInstanceOf(Resumption.BrokenException.class);
  }

  @Test
  void forgetsThreadsWhoseRecordsAreGone() throws Exception {
    log.run("old", "r", 5);
    log.run("new", "s", 5);
    PartitionTree tree = log.resumed(log.checkpoints);
    assertThat(tree.threads()).isEqualTo(2);
    tree.forgetBefore(5);
    assertThat(tree.threads()).isEqualTo(1);
  }

  @Test
  void neverTakesARecordTwice() throws Exception {
    log.run("t", "r", 5);
    PartitionTree tree = log.resumed(log.checkpoints);
    assertThatThrownBy(() -> tree.add(log.records.get(4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("offset 4");
  }
}
