package io.runwire.loadtest.drive;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.HdrHistogram.Recorder;

/**
 * How long pulses took to arrive: one histogram of microseconds for each tenth of a second, in
 * HdrHistogram's own log format, the times since the epoch. Safe from any thread.
 */
final class DelayLog implements AutoCloseable {
  private static final long INTERVAL_MS = 100;
  private static final int DIGITS = 3;

  private final Recorder recorder = new Recorder(DIGITS);
  private final Clock clock = Clock.systemUTC();
  private final PrintStream out;
  private final HistogramLogWriter log;
  private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor();

  /** Begins a new file. */
  DelayLog(Path file) {
    try {
      out =
          new PrintStream(
              Files.newOutputStream(file, StandardOpenOption.CREATE_NEW),
              true,
              StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    log = new HistogramLogWriter(out);
    log.outputLegend();
    var unused =
        writer.scheduleAtFixedRate(this::write, INTERVAL_MS, INTERVAL_MS, TimeUnit.MILLISECONDS);
  }

  /** An event was handed on just now; nothing happens where it is no pulse. */
  void handedOn(byte[] event) {
    Pulse.dueUs(event)
        .ifPresent(dueUs -> recorder.recordValue(Math.max(0, Pulse.nowUs(clock) - dueUs)));
  }

  @Override
  public void close() throws InterruptedException {
    writer.shutdown();
    if (writer.awaitTermination(1, TimeUnit.SECONDS)) {
      write();
    }
    out.close();
  }

  private void write() {
    Histogram interval = recorder.getIntervalHistogram();
    log.outputIntervalHistogram(interval);
  }
}
