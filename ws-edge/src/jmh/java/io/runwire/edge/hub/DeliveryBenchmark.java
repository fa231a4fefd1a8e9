package io.runwire.edge.hub;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runwire.cursor.Cursor;
import io.runwire.edge.ops.EdgeMetrics;
import io.runwire.edge.settings.RetrySettings;
import io.runwire.edge.time.ManualClock;
import io.runwire.edge.time.ManualTimer;
import io.runwire.event.Envelope;
import io.runwire.event.EventType;
import io.runwire.event.Origin;
import io.runwire.event.SourcePosition;
import io.runwire.frame.CloseCode;
import io.runwire.frame.EventFrame;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
import org.openjdk.jmh.infra.Blackhole;

/**
 * What an event costs on its way from the record to its sockets: encoding it, and encoding it and
 * handing it to all of them. The difference, divided by the sockets, is the cost of a delivery; if
 * it were encoded for each socket, that would not lie far below the cost of encoding.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class DeliveryBenchmark {
  private static final String THREAD = "t";
  private static final int WINDOW_BYTES = 1 << 20;

  @Param({"1", "100", "1000"})
  public int sockets;

  private final ManualClock clock = new ManualClock();
  private final ManualExecutor executor = new ManualExecutor();
  private final FakeLog log = new FakeLog(clock, 1, WINDOW_BYTES);
  private final byte[] value =
      ("{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"m\",\"delta\":\""
              + "x".repeat(400)
              + "\"}")
          .getBytes(UTF_8);
  private final EdgeMetrics metrics = new EdgeMetrics();
  private long offset;

  /** Connects the sockets, each of which follows the one thread. */
  @Setup
  public void connect(Blackhole kernel) {
    DeliveryLoop loop = new DeliveryLoop(executor, log.windows());
    log.windows().onAdvance(loop::partitionAdvanced);
    OpenRuns none = thread -> CompletableFuture.completedStage(new OpenRuns.Start(0, -1));
    ReadPath path =
        new ReadPath(
            log,
            log.windows(),
            new ReadBudget(WINDOW_BYTES),
            new Locator(log, log.windows(), none, clock),
            clock,
            new RetrySettings(
                Duration.ofSeconds(5), 3, Duration.ofSeconds(1), 32 << 10, 256, 1 << 20),
            metrics,
            new NoEvidence());
    Attachments attachments =
        new Attachments(log, Duration.ZERO, new ManualTimer(new ManualClock()));
    for (int i = 0; i < sockets; i++) {
      Connection connection =
          new Connection("c" + i, new Kernel(kernel), loop, path, attachments, 1);
      connection.subscribe(1, THREAD, Optional.empty(), new Start.Latest());
    }
    settle();
  }

  @Benchmark
  public LogEntry encode() {
    return entry();
  }

  /** One event to all sockets. */
  @Benchmark
  public void encodeAndDeliver() {
    log.windows().append(0, List.of(entry()), offset);
    settle();
  }

  private void settle() {
    while (executor.runOne()) {
      // The next one.
    }
  }

  private LogEntry entry() {
    long at = offset++;
    Envelope envelope =
        new Envelope(
            THREAD,
            "r",
            1,
            at + 1,
            EventType.TEXT_MESSAGE_CONTENT,
            false,
            Optional.empty(),
            Origin.AGENT,
            Optional.of(new SourcePosition(log.identity().agentEvents(), 0, at)));
    Cursor behind = new Cursor(log.identity(), 0, at + 1, 0, at, Cursor.hash(THREAD));
    return new LogEntry(
        log.identity(), at, 0, 0, envelope, EventFrame.of(envelope, behind.encodeAscii(), 0, value));
  }

  /** Takes the bytes of a write at once. */
  private record Kernel(Blackhole bytes) implements Outlet {
    @Override
    public void write(List<Outgoing> batch, Written written) {
      for (Outgoing outgoing : batch) {
        if (outgoing instanceof Event event) {
          bytes.consume(event.entry().frame().text());
        }
      }
      written.succeeded();
    }

    @Override
    public void close(CloseCode code) {}

    @Override
    public void abort(CloseCode code) {}
  }

  private static final class NoEvidence implements DeliveryEvidence {
    @Override
    public boolean wanted(boolean acknowledging) {
      return false;
    }

    @Override
    public void accept(Report report) {}
  }
}
