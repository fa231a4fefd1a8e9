package io.runwire.loadtest.drive;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PulseTest {
  @Test
  void tellsWhenItWasDueFromTheBytesOfItsEvent() throws Exception {
    byte[] event =
        new ObjectMapper()
            .writeValueAsBytes(
                Map.of("type", "CUSTOM", "value", Pulse.value(1_764_000_000_123_456L, "xx")));
    assertThat(Pulse.dueUs(event)).hasValue(1_764_000_000_123_456L);
  }

  @Test
  void isNoOtherEvent() {
    assertThat(Pulse.dueUs(bytes("{\"type\":\"RUN_STARTED\"}"))).isEmpty();
    assertThat(Pulse.dueUs(bytes("\"dueUs\""))).isEmpty();
  }

  @Test
  void isLoggedWithTheTimeThatItTook(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("delays.hlog");
    long beforeMs = System.currentTimeMillis();
    try (DelayLog log = new DelayLog(file)) {
      long dueUs = Pulse.nowUs(Clock.systemUTC()) - 5_000_000;
      log.handedOn(bytes("{\"value\":{\"dueUs\":" + dueUs + "}}"));
      log.handedOn(bytes("{\"type\":\"RUN_STARTED\"}"));
    }
    List<Histogram> intervals = new ArrayList<>();
    try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
      while (reader.hasNext()) {
        EncodableHistogram interval = reader.nextIntervalHistogram();
        if (((Histogram) interval).getTotalCount() > 0) {
          intervals.add((Histogram) interval);
        }
      }
    }
    assertThat(intervals).hasSize(1);
    assertThat(intervals.get(0).getTotalCount()).isEqualTo(1);
    assertThat(intervals.get(0).getMaxValue()).isBetween(5_000_000L, 10_000_000L);
    assertThat(intervals.get(0).getStartTimeStamp())
        .isBetween(beforeMs - 1, System.currentTimeMillis());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
