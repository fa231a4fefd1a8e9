package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.runwire.deploy.replay.ReplayDownload;
import io.runwire.deploy.replay.ReplayReader;
import io.runwire.deploy.replay.ReplayRecord;
import io.runwire.edge.RunwireEdge;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What an edge replays of a log that lacks nothing. */
final class Replayed {
  private Replayed() {}

  /** The agents' bytes, in order. */
  static List<String> events(
      Runwired system, RunwireEdge edge, String thread, Map<String, String> query)
      throws Exception {
    List<String> events = new ArrayList<>();
    ReplayDownload download =
        new ReplayDownload(
            URI.create("http://127.0.0.1:" + edge.port()),
            thread,
            query,
            system::token,
            pause -> TimeUnit.NANOSECONDS.sleep(pause.toNanos()));
    boolean whole =
        download.read(
            new ReplayReader() {
              @Override
              public void record(ReplayRecord record) {
                events.add(new String(record.eventBytes(), StandardCharsets.UTF_8));
              }

              @Override
              public void gap(JsonNode gap) {
                throw new AssertionError("a gap in a whole log: " + gap);
              }

              @Override
              public void end(String cursor, long total) {}
            });
    assertThat(whole).isTrue();
    return events;
  }
}
