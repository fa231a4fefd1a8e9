package io.runwire.processor.keys;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runwire.event.Envelope;
import io.runwire.event.EventType;
import io.runwire.event.Origin;
import io.runwire.event.SourcePosition;
import io.runwire.seal.DataKey;
import io.runwire.seal.KeyName;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.Uuid;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What it costs a router to seal a value, and an edge to open it, once for all its sockets. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class SealBenchmark {
  @Param({"200", "1000", "10000"})
  public int valueBytes;

  private final DataKey key = DataKey.of(DataKey.random());
  private final KeyName name = KeyName.random("thread-42", 655);
  private final Envelope envelope =
      new Envelope(
          "thread-42",
          "run-k3v",
          1,
          57,
          EventType.TEXT_MESSAGE_CONTENT,
          false,
          Optional.empty(),
          Origin.AGENT,
          Optional.of(new SourcePosition(new Uuid(7, 9), 3, 1_000_000)));
  private byte[] value = {};
  private byte[] sealed = {};

  @Setup
  public void write() {
    value = "x".repeat(valueBytes).getBytes(UTF_8);
    sealed = key.seal(name, envelope, value);
  }

  @Benchmark
  public byte[] seal() {
    return key.seal(name, envelope, value);
  }

  @Benchmark
  public Optional<byte[]> open() {
    return key.open(name, envelope, sealed);
  }
}
