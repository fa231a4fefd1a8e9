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
      assertThat(CheckpointRecord.parse(record.toJson())).contains(record);
    }
  }

  @Test
  void aCheckpointRecordWhoseHashesDoNotFitIsNone() {
    log.run("t", "r", 5);
    CheckpointRecord sound = log.checkpoints.get(0);
    CheckpointRecord foreign =
        new CheckpointRecord(
            sound.signed(), List.of(Hash.ZERO, Hash.ZERO), sound.leaves(), sound.threads());
    assertThat(CheckpointRecord.parse(foreign.toJson())).isEmpty();
    CheckpointRecord fewer =
        new CheckpointRecord(sound.signed(), sound.frontier(), sound.leaves(), List.of());
    assertThat(CheckpointRecord.parse(fewer.toJson())).isEmpty();
    assertThat(CheckpointRecord.parse("{")).isEmpty();
    assertThat(CheckpointRecord.parse("{}")).isEmpty();
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
  void refusesCheckpointsThatDoNotFollowEachOther() {
    log.run("t", "r", 15);
    assertThatThrownBy(
            () -> PartitionTree.resume(List.of(log.checkpoints.get(0), log.checkpoints.get(2))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("begins at 10");
  }

  @Test
  void forgetsThreadsWhoseRecordsAreGone() {
    log.run("old", "r", 5);
    log.run("new", "s", 5);
    PartitionTree tree = PartitionTree.resume(log.checkpoints);
    assertThat(tree.threads()).isEqualTo(2);
    tree.forgetBefore(5);
    assertThat(tree.threads()).isEqualTo(1);
  }

  @Test
  void neverTakesARecordTwice() {
    log.run("t", "r", 5);
    PartitionTree tree = PartitionTree.resume(log.checkpoints);
    assertThatThrownBy(() -> tree.add(log.records.get(4)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("offset 4");
  }
}
