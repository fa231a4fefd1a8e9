package io.runwire.deploy.replay;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Hands records on in the time in which they were written, or so many times faster. Clocks that
 * were set back make no pause; the pace is kept over the whole, so that waits do not add up.
 */
public final class RecordedPace implements ReplayReader {
  private final ReplayReader next;
  private final double speed;
  private final LongSupplier nanoTime;
  private final ReplayDownload.Pause pause;
  private long firstMs = -1;
  private long beganNs;

  /**
   * @param speed 1 for the time in which it happened
   */
  public RecordedPace(
      ReplayReader next, double speed, LongSupplier nanoTime, ReplayDownload.Pause pause) {
    this.next = next;
    this.speed = speed;
    this.nanoTime = nanoTime;
    this.pause = pause;
  }

  @Override
  public void record(ReplayRecord record) throws IOException, InterruptedException {
    if (firstMs < 0) {
      firstMs = record.timestampMs();
      beganNs = nanoTime.getAsLong();
    }
    long dueNs = (long) ((record.timestampMs() - firstMs) * 1e6 / speed);
    long waitNs = dueNs - (nanoTime.getAsLong() - beganNs);
    if (waitNs > 0) {
      pause.pause(Duration.ofNanos(waitNs));
    }
    next.record(record);
  }

  @Override
  public void gap(JsonNode gap) throws IOException {
    next.gap(gap);
  }

  @Override
  public void end(String cursor, long events) throws IOException {
    next.end(cursor, events);
  }
}
