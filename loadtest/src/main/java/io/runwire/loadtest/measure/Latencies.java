package io.runwire.loadtest.measure;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/** How long events took to arrive; NaN where none did. */
final class Latencies {
  private static final int DIGITS = 3;

  private final AbstractHistogram us;

  /**
   * @param us microseconds; handed over
   */
  Latencies(AbstractHistogram us) {
    this.us = us;
  }

  /**
   * From what a group's clients have recorded, of whole intervals that lie in one of the phases.
   */
  static Latencies in(Path log, List<Phase> phases) throws IOException {
    Histogram us = new Histogram(DIGITS);
    try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
      while (reader.hasNext()) {
        EncodableHistogram interval = reader.nextIntervalHistogram();
        if (interval instanceof Histogram histogram
            && phases.stream()
                .anyMatch(
                    phase ->
                        phase.covers(histogram.getStartTimeStamp(), histogram.getEndTimeStamp()))) {
          us.add(histogram);
        }
      }
    }
    return new Latencies(us);
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
