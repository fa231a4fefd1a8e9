package io.runwire.loadtest.drive;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * An event that says when it was to be written, so that whoever is handed it knows how long it took
 * to arrive, all processes sharing one clock. That is the moment in the plan, not the one at which
 * the writer got round to it: what a stall held up is measured from when it was due.
 */
public final class Pulse {
  static final String NAME = "pulse";

  private static final String FIELD = "dueUs";
  private static final byte[] MARK = ('"' + FIELD + "\":").getBytes(StandardCharsets.US_ASCII);

  private Pulse() {}

  /** Microseconds since the epoch. */
  static long nowUs(Clock clock) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, clock.instant());
  }

  /** The value of a CUSTOM event. */
  static Map<String, Object> value(long dueUs, String padding) {
    Map<String, Object> value = new LinkedHashMap<>();
    value.put(FIELD, dueUs);
    value.put("padding", padding);
    return value;
  }

  /** When an event was due; empty where it is no pulse. */
  public static OptionalLong dueUs(byte[] event) {
    int at = indexOfMark(event);
    if (at < 0) {
      return OptionalLong.empty();
    }
    long us = 0;
    while (at < event.length && event[at] >= '0' && event[at] <= '9') {
      us = us * 10 + (event[at++] - '0');
    }
    return OptionalLong.of(us);
  }

  /** What follows it, or -1. */
  private static int indexOfMark(byte[] event) {
    for (int at = 0; at <= event.length - MARK.length; at++) {
      int matched = 0;
      while (matched < MARK.length && event[at + matched] == MARK[matched]) {
        matched++;
      }
      if (matched == MARK.length) {
        return at + matched;
      }
    }
    return -1;
  }
}
