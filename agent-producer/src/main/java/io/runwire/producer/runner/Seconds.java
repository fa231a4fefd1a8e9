package io.runwire.producer.runner;

import java.time.Duration;
import java.util.Locale;

/** A time as people read it: {@code 1.4 s}. */
final class Seconds {
  private static final double MS_PER_SECOND = 1_000;

  private Seconds() {}

  static String of(Duration time) {
    double seconds = time.toMillis() / MS_PER_SECOND;
    String form = seconds == Math.rint(seconds) ? "%.0f s" : seconds < 1 ? "%.3f s" : "%.1f s";
    return String.format(Locale.ROOT, form, seconds);
  }
}
