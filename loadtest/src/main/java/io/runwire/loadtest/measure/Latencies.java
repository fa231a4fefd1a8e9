package io.runwire.loadtest.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/**
 * How long events took to arrive in some phases, from what a group's clients have recorded; NaN
 * where none arrived.
 */
final class Latencies {
  private static final int DIGITS = 3;

  private final Histogram us = new Histogram(DIGITS);

  private Latencies() {}

  /** Of whole intervals of the log that lie in one of the phases. */
  static Latencies in(Path log, List<Phase> phases) throws IOException {
    Latencies latencies = new Latencies();
    try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
      while (reader.hasNext()) {
        EncodableHistogram interval = reader.nextIntervalHistogram();
        if (interval instanceof Histogram histogram
            && phases.stream()
                .anyMatch(
                    phase ->
                        phase.covers(histogram.getStartTimeStamp(), histogram.getEndTimeStamp()))) {
          latencies.us.add(histogram);
        }
      }
    }
    return latencies;
  }

  long events() {
    return us.getTotalCount();
  }

  double medianMs() {
    return ms(us.getValueAtPercentile(50));
  }

  double p99Ms() {
    return ms(us.getValueAtPercentile(99));
  }

  double longestMs() {
    return ms(us.getMaxValue());
  }

  private double ms(long figure) {
    return events() == 0 ? Double.NaN : figure / 1_000.0;
  }
}
