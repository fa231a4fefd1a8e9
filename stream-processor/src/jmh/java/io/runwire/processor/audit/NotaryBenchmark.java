package io.runwire.processor.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runwire.audit.BundleLine;
import io.runwire.audit.BundleSpan;
import io.runwire.audit.CheckpointRecord;
import io.runwire.audit.Frontier;
import io.runwire.audit.Judgement;
import io.runwire.audit.NotaryKey;
import io.runwire.audit.Origin;
import io.runwire.audit.PartitionTree;
import io.runwire.audit.StoredRecord;
import io.runwire.audit.Verification;
import io.runwire.event.EventHeaders;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a record costs the notary, and whoever verifies a bundle: microseconds for each record of
 * 500 bytes, in checkpoints of 1,000. {@code sign} is the checkpoint's cost, divided by them, with
 * the JSON that is written; as many threads have moved, which is the worst case.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class NotaryBenchmark {
  private static final int CHECKPOINT = 1_000;
  private static final int VALUE_BYTES = 500;
  private static final NotaryKey KEY = NotaryKey.generate("example.org/bench");
  private static final Origin ORIGIN =
      new Origin(KEY.publicKey().name(), Uuid.fromString("Zm9vYmFyYmF6cXV4MTIzNA"), 0);
  private static final Instant NOW = Instant.parse("2026-11-25T14:03:07.112Z");

  /** A partition in the course of its life. */
  @State(Scope.Thread)
  public static class Log {
    final byte[] value =
        ("{\"type\":\"CUSTOM\",\"name\":\"" + "x".repeat(VALUE_BYTES - 27) + "\"}").getBytes(UTF_8);
    final PartitionTree tree = new PartitionTree(ORIGIN, 0);

    void append(String thread, long seq) {
      tree.add(record(tree.nextOffset(), thread, seq, value));
    }
  }

  /** With so many threads in it, which write in turn; the checkpoint is signed. */
  @State(Scope.Thread)
  public static class Signed extends Log {
    @Param({"1000", "100000"})
    public int threads;

    final List<StoredRecord> next = new ArrayList<>(CHECKPOINT);
    private long written;

    /** Every thread is known. */
    @Setup(Level.Trial)
    public void know() {
      for (written = 0; written < threads; written++) {
        append(thread(), 1);
      }
    }

    /** The next records are there, unread. */
    @Setup(Level.Invocation)
    public void read() {
      tree.sign(KEY, NOW);
      next.clear();
      for (int i = 0; i < CHECKPOINT; i++, written++) {
        next.add(record(tree.nextOffset() + i, thread(), 1 + written / threads, value));
      }
    }

    private String thread() {
      return "customer-4711.conversation-" + written % threads;
    }
  }

  /** With a thousand records since the last checkpoint. */
  @State(Scope.Thread)
  public static class Unsigned extends Log {
    private long written;

    /** The next records are added. */
    @Setup(Level.Invocation)
    public void add() {
      for (int i = 0; i < CHECKPOINT; i++, written++) {
        append("customer-4711.conversation-" + i, 1 + written / CHECKPOINT);
      }
    }
  }

  /** The bundle of a thread of a thousand records, as text. */
  @State(Scope.Thread)
  public static class Bundle extends Log {
    final List<String> lines = new ArrayList<>();

    /** One checkpoint over all of them. */
    @Setup
    public void export() {
      List<StoredRecord> records = new ArrayList<>();
      for (int i = 0; i < CHECKPOINT; i++) {
        StoredRecord record = record(i, "t", i + 1, value);
        records.add(record);
        tree.add(record);
      }
      CheckpointRecord closing = tree.sign(KEY, NOW);
      lines.add(
          new BundleLine.Head(KEY.publicKey().name(), ORIGIN.topicId(), 0, "t", Optional.empty())
              .toJson());
      for (BundleLine line :
          BundleSpan.of(new Frontier(), closing, "t").orElseThrow().lines(records)) {
        lines.add(line.toJson());
      }
      lines.add(new BundleLine.End(CHECKPOINT).toJson());
    }
  }

  @Benchmark
  @OperationsPerInvocation(CHECKPOINT)
  public long add(Signed log) {
    for (StoredRecord record : log.next) {
      log.tree.add(record);
    }
    return log.tree.unsigned();
  }

  @Benchmark
  @OperationsPerInvocation(CHECKPOINT)
  public String sign(Unsigned log) {
    return log.tree.sign(KEY, NOW).toJson();
  }

  @Benchmark
  @OperationsPerInvocation(CHECKPOINT)
  public Judgement verify(Bundle bundle) {
    Verification verification = new Verification(KEY.publicKey());
    bundle.lines.forEach(verification::line);
    Judgement judgement = verification.judge();
    if (!judgement.findings().isEmpty()) {
      throw new IllegalStateException(judgement.sentence());
    }
    return judgement;
  }

  private static StoredRecord record(long offset, String thread, long seq, byte[] value) {
    Headers headers =
        new RecordHeaders()
            .add(EventHeaders.RUN, (thread + ".r").getBytes(UTF_8))
            .add(EventHeaders.ATTEMPT, "1".getBytes(UTF_8))
            .add(EventHeaders.SEQ, Long.toString(seq).getBytes(UTF_8))
            .add(EventHeaders.TYPE, "CUSTOM".getBytes(UTF_8))
            .add(EventHeaders.SRC, (ORIGIN.topicId() + ":0:" + offset).getBytes(UTF_8));
    return new StoredRecord(
        ORIGIN.partition(), offset, NOW.toEpochMilli(), thread.getBytes(UTF_8), value, headers);
  }
}
