package io.runwire.loadtest.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.loadtest.journal.JournalWriter;
import io.runwire.loadtest.journal.Seen;
import io.runwire.loadtest.journal.Sent;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DelaysTest {
  @Test
  void countsADelayForTheFaultsUnderWhichTheEventWaited(@TempDir Path folder) {
    try (JournalWriter<Sent> sent = JournalWriter.sent(folder.resolve("sent-a.tsv"));
        JournalWriter<Seen> seen = JournalWriter.seen(folder.resolve("seen-c.tsv"))) {
      sent.write(sent(100, 1, Sent.Result.UNKNOWN));
      sent.write(sent(160, 1, Sent.Result.ACKED));
      sent.write(sent(1_000, 2, Sent.Result.UNKNOWN));
      sent.write(sent(2_500, 3, Sent.Result.UNKNOWN));
      seen.write(seen(170, 1));
      seen.write(seen(4_200, 2));
      seen.write(seen(4_201, 3));
      seen.write(seen(9_999, 4));
    }
    Delays delays =
        Delays.read(
            folder,
            List.of(
                new Disturbance(12, "edge kill -9", 900, 1_500),
                new Disturbance(1, "router kill -9", 2_500, 4_000)));
    assertThat(delays.longestMs()).isEqualTo(3_200);
    assertThat(delays.longestMsByDisturbance()).isEqualTo(List.of(1_500L, 1_701L));
  }

  private static Sent sent(long ms, long seq, Sent.Result result) {
    return new Sent(ms, "t", "r", 1, seq, "TEXT_MESSAGE_CONTENT", false, seq, result);
  }

  private static Seen.Event seen(long ms, long seq) {
    return new Seen.Event(ms, "c", "t", "r", 1, seq, false, seq, "cursor" + seq);
  }
}
