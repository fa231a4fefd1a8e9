package io.runwire.audit;

import static io.runwire.audit.NotarisedLog.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** A notary that stops at any checkpoint goes on from it. */
class NotaryPropertyTest {
  @Property(tries = 50)
  void goesOnAfterARestartAsIfItHadNeverStopped(
      @ForAll @IntRange(min = 1, max = 60) int events,
      @ForAll @IntRange(min = 1, max = 9) int every,
      @ForAll @IntRange(min = 1, max = 5) int threads)
      throws Exception {
    NotarisedLog straight = new NotarisedLog(every, 7);
    for (int i = 0; i < events; i++) {
      straight.append("t" + i % threads, "r" + i % threads, 1, i / threads + 1, "CUSTOM");
    }
    straight.sign();
    for (int stop = 1; stop < straight.checkpoints.size(); stop++) {
      PartitionTree resumed = straight.resumed(straight.checkpoints.subList(0, stop));
      for (StoredRecord record : straight.records) {
        if (record.offset() >= resumed.nextOffset()) {
          resumed.add(record);
        }
      }
      CheckpointRecord last = straight.checkpoints.get(straight.checkpoints.size() - 1);
      assertThat(resumed.root()).isEqualTo(last.checkpoint().root());
      CheckpointRecord signed = resumed.sign(KEY, Instant.EPOCH);
      signed.threads().stream()
          .filter(t -> last.threads().stream().anyMatch(l -> l.thread().equals(t.thread())))
          .forEach(
              t -> assertThat(last.threads().stream().map(ThreadSpan::head)).contains(t.head()));
    }
  }
}
