package io.runwire.edge.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/**
 * A clock for waiting: it goes on evenly from where the wall clock was when it was made, and takes
 * no part in its steps. Thread-safe.
 */
public final class SteadyClock extends Clock {
  private final Instant began = Instant.now();
  private final long beganNs = System.nanoTime();

  @Override
  public Instant instant() {
    return began.plus(Duration.ofNanos(System.nanoTime() - beganNs));
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    throw new UnsupportedOperationException("UTC only");
  }
}
