package io.runwire.loadtest.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonTest {
  private static final long BEGAN_MS = 1_764_000_000_000L;

  @TempDir private Path folder;

  @Test
  void takesTheMedianOfTheRoundsRatios() throws IOException {
    // Without, with; the machine was four times as slow in the second round, and ill in the third.
    Path log = log(10, 11, 40, 44, 10, 90);
    Comparison comparison =
        Comparison.of(
            "it",
            log,
            List.of(second(0), second(2), second(4)),
            List.of(second(1), second(3), second(5)));
    assertThat(comparison.p99Ratio()).isEqualTo(1.1, within(0.01));
    assertThat(comparison.table())
        .anyMatch(line -> line.matches("p99 +10\\.\\d+ ms +\\(10\\.0\\.\\.40\\.\\d\\) .*"));
  }

  @Test
  void leavesOutWhatIsPartlyOutsideAPhase() throws IOException {
    Path log = log(10, 20, 30);
    assertThat(Latencies.in(log, List.of(new Phase(BEGAN_MS - 1, BEGAN_MS + 2_500))).events())
        .isEqualTo(2);
  }

  /** A delay in ms for each second. */
  private Path log(long... delaysMs) throws IOException {
    Path file = folder.resolve("delays.hlog");
    try (PrintStream out = new PrintStream(file.toFile())) {
      HistogramLogWriter log = new HistogramLogWriter(out);
      for (int i = 0; i < delaysMs.length; i++) {
        Histogram second = new Histogram(3);
        second.recordValue(delaysMs[i] * 1_000);
        second.setStartTimeStamp(BEGAN_MS + i * 1_000L);
        second.setEndTimeStamp(BEGAN_MS + (i + 1) * 1_000L);
        log.outputIntervalHistogram(second);
      }
    }
    return file;
  }

  private static Phase second(int number) {
    return new Phase(BEGAN_MS + number * 1_000L, BEGAN_MS + (number + 1) * 1_000L);
  }
}
