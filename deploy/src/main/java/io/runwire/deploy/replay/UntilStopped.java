package io.runwire.deploy.replay;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Hands a replay on until somebody stops it, and knows behind which record that was; tells now and
 * then how far it is. Thread-safe: Ctrl-C comes on a thread of its own.
 */
public final class UntilStopped implements ReplayReader {
  private static final long TELL_EVERY_NS = TimeUnit.SECONDS.toNanos(2);

  private final ReplayReader next;
  private final OutputStream out;
  private final PrintStream progress;
  private final LongSupplier nanoTime;
  private Optional<String> cursor = Optional.empty();
  private long events;
  private long toldNs;
  private boolean stopped;
  private boolean ended;

  /**
   * @param out what {@code next} writes to
   */
  public UntilStopped(
      ReplayReader next, OutputStream out, PrintStream progress, LongSupplier nanoTime) {
    this.next = next;
    this.out = out;
    this.progress = progress;
    this.nanoTime = nanoTime;
    this.toldNs = nanoTime.getAsLong();
  }

  @Override
  public synchronized void record(ReplayRecord record) throws IOException, InterruptedException {
    if (stopped) {
      return;
    }
    next.record(record);
    cursor = Optional.of(record.cursor());
    events++;
    if (nanoTime.getAsLong() - toldNs >= TELL_EVERY_NS) {
      toldNs = nanoTime.getAsLong();
      progress.printf("-- %,d events%n", events);
    }
  }

  @Override
  public synchronized void gap(JsonNode gap) throws IOException {
    if (!stopped) {
      progress.println("-- gap: " + gap.path("reason").asText() + ", records are missing here");
      next.gap(gap);
    }
  }

  @Override
  public synchronized void end(String end, long total) throws IOException {
    if (!stopped) {
      next.end(end, total);
      ended = true;
    }
  }

  /**
   * Stops before the next record; what was handed on is written.
   *
   * @return where to go on; empty if it came to its end
   */
  public synchronized Optional<String> stop() throws IOException {
    stopped = true;
    out.flush();
    return ended ? Optional.empty() : cursor;
  }
}
