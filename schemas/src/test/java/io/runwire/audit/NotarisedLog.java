package io.runwire.audit;

import io.runwire.event.EventHeaders;
import io.runwire.event.SourcePosition;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** A partition of thread-events in memory, with a notary who signs every few records. */
final class NotarisedLog {
  static final Uuid TOPIC = Uuid.fromString("Zm9vYmFyYmF6cXV4MTIzNA");
  static final NotaryKey KEY = NotaryKey.generate("example.org/runwire");
  private static final int PARTITION = 3;
  private static final Instant BEGIN = Instant.parse("2026-11-25T14:03:07.112Z");

  final List<StoredRecord> records = new ArrayList<>();
  final List<CheckpointRecord> checkpoints = new ArrayList<>();
  private final int every;
  private final PartitionTree tree;
  private long nextOffset;

  NotarisedLog(int every, long firstOffset) {
    this.every = every;
    this.nextOffset = firstOffset;
    this.tree =
        new PartitionTree(new Origin(KEY.publicKey().name(), TOPIC, PARTITION), firstOffset);
  }

  /** Appends an event; {@code type} RUN_STARTED, RUN_FINISHED or any other. */
  void append(String thread, String run, int attempt, long seq, String type) {
    Headers headers =
        new RecordHeaders()
            .add(EventHeaders.RUN, utf8(run))
            .add(EventHeaders.ATTEMPT, utf8("" + attempt))
            .add(EventHeaders.SEQ, utf8("" + seq))
            .add(EventHeaders.TYPE, utf8(type))
            .add(
                EventHeaders.SRC,
                utf8(new SourcePosition(TOPIC, PARTITION, nextOffset).toString()));
    add(
        new StoredRecord(
            PARTITION,
            nextOffset,
            BEGIN.toEpochMilli() + nextOffset,
            utf8(thread),
            utf8("{\"type\":\"" + type + "\",\"n\":" + seq + "}"),
            headers));
  }

  /** Appends a record that stood in the log before, as a router does after a crash. */
  void repeat(int back) {
    StoredRecord old = records.get(records.size() - back);
    add(
        new StoredRecord(
            PARTITION, nextOffset, old.timestampMs(), old.key(), old.value(), old.headers()));
  }

  /** A whole run of so many events. */
  void run(String thread, String run, int events) {
    append(thread, run, 1, 1, "RUN_STARTED");
    for (int seq = 2; seq < events; seq++) {
      append(thread, run, 1, seq, "CUSTOM");
    }
    append(thread, run, 1, events, "RUN_FINISHED");
  }

  void sign() {
    if (tree.unsigned() > 0) {
      checkpoints.add(tree.sign(KEY, BEGIN.plusSeconds(checkpoints.size())));
    }
  }

  Resumption resumption() {
    return new Resumption(tree.origin(), List.of(KEY.publicKey()));
  }

  PartitionTree resumed(List<CheckpointRecord> from) throws Resumption.BrokenException {
    Resumption resumption = resumption();
    for (CheckpointRecord checkpoint : from) {
      resumption.accept(checkpoint);
    }
    return resumption.tree().orElseThrow();
  }

  /** The bundle of a run, from the log as it is signed. */
  List<BundleLine> bundle(String thread, String run) {
    return bundle(thread, run, records);
  }

  /** The bundle of a run whose log holds these records now. */
  List<BundleLine> bundle(String thread, String run, List<StoredRecord> now) {
    List<BundleLine> lines = new ArrayList<>();
    lines.add(
        new BundleLine.Head(
            checkpoints.get(0).signed().signer().orElseThrow(),
            TOPIC,
            PARTITION,
            thread,
            Optional.of(run)));
    long from = offsetOf(run, true);
    long to = offsetOf(run, false);
    Frontier before = new Frontier();
    long count = 0;
    for (CheckpointRecord closing : checkpoints) {
      long first = closing.leaves().get(0).offset();
      long next = closing.checkpoint().nextOffset();
      if (first <= to && next > from) {
        List<StoredRecord> span =
            now.stream()
                .filter(r -> r.offset() >= first && r.offset() < next)
                .filter(r -> thread.equals(text(r.key())))
                .toList();
        List<BundleLine> part =
            BundleSpan.of(before, closing, thread).map(s -> s.lines(span)).orElse(List.of());
        lines.addAll(part);
        count += Math.max(0, part.size() - 1);
      }
      before = closing.tree();
    }
    lines.add(new BundleLine.End(count));
    return lines;
  }

  private long offsetOf(String run, boolean first) {
    long found = -1;
    for (StoredRecord record : records) {
      if (run.equals(text(record.headers().lastHeader(EventHeaders.RUN).value()))) {
        found = record.offset();
        if (first) {
          return found;
        }
      }
    }
    return found;
  }

  private void add(StoredRecord record) {
    records.add(record);
    tree.add(record);
    nextOffset++;
    if (tree.unsigned() >= every) {
      sign();
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte @Nullable [] utf8) {
    return utf8 == null ? "" : new String(utf8, StandardCharsets.UTF_8);
  }
}
