package io.runwire.deploy.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A replay over a connection that breaks. */
class ReplayDownloadTest {
  private final List<Duration> pauses = new ArrayList<>();
  private final Recorder recorder = new Recorder();
  private EdgeScript edge;

  private static final class Recorder implements ReplayReader {
    final List<String> lines = new ArrayList<>();

    @Override
    public void record(ReplayRecord record) {
      lines.add(new String(record.line(), StandardCharsets.UTF_8));
    }

    @Override
    public void gap(JsonNode gap) {
      lines.add("gap " + gap.path("reason").asText());
    }

    @Override
    public void end(String cursor, long events) {
      lines.add("end " + cursor + " " + events);
    }
  }

  @BeforeEach
  void start() throws Exception {
    edge = new EdgeScript();
  }

  @AfterEach
  void stop() {
    edge.close();
  }

  @Test
  void linesComeAsTheyAreToTheEnd() throws Exception {
    edge.whole(line(1), line(2), end(2));

    assertThat(download(Map.of("at", "2026-01-31T09:30:00+01:00")).read(recorder)).isTrue();

    assertThat(recorder.lines).containsExactly(line(1), line(2), "end c-end 2");
    assertThat(edge.asked())
        .containsExactly("/v1/threads/t/events?at=2026-01-31T09%3A30%3A00%2B01%3A00");
  }

  @Test
  void whatIsCutOffIsContinuedBehindTheLastWholeLineUpToTheSameEnd() throws Exception {
    edge.cutOff(line(1), line(2), line(3)).cutOff(line(3), end(9)).whole(line(4), end(1));
    ReplayDownload download = download(Map.of("run", "r", "from", "earliest"));

    assertThat(download.read(recorder)).isTrue();

    assertThat(recorder.lines).containsExactly(line(1), line(2), line(3), line(4), "end c-end 4");
    assertThat(edge.asked().subList(1, 3))
        .containsExactly(
            "/v1/threads/t/events?after=c-2&to=the-end&runs=r%2C1%2C2&run=r",
            "/v1/threads/t/events?after=c-3&to=the-end&runs=r%2C1%2C3&run=r");
    assertThat(download.interruptions()).isEqualTo(2);
    assertThat(download.scanned()).isEqualTo(100);
  }

  @Test
  void anAnswerThatEndsWithoutItsLastLineIsCutOffThoughTheConnectionSaysNothing() throws Exception {
    edge.whole(line(1)).whole(line(2), end(1));

    assertThat(download(Map.of()).read(recorder)).isTrue();

    assertThat(recorder.lines).containsExactly(line(1), line(2), "end c-end 2");
  }

  @Test
  void anEdgeThatIsBusyIsAskedAgainAfterLongerAndLongerPauses() throws Exception {
    edge.refuses(503, "{}").refuses(429, "{}").whole(line(1), end(1));

    assertThat(download(Map.of()).read(recorder)).isTrue();

    assertThat(pauses).containsExactly(Duration.ofMillis(250), Duration.ofMillis(500));
  }

  @Test
  void itIsGivenUpAfterSomeInterruptionsInARowAndTellsWhereToGoOn() throws Exception {
    edge.cutOff(line(1), line(2)).cutOff();
    ReplayDownload download = download(Map.of());

    assertThat(download.read(recorder)).isFalse();

    assertThat(download.cursor()).hasValue("c-1");
    assertThat(pauses).hasSizeBetween(5, 7);
    assertThat(recorder.lines).containsExactly(line(1));
  }

  @Test
  void aPositionThatMovedOnWithoutARecordIsNotScannedTwice() throws Exception {
    edge.cutOff("{\"op\":\"scanned\",\"cursor\":\"c-far\"}", line(1)).whole(line(1), end(1));

    assertThat(download(Map.of()).read(recorder)).isTrue();

    assertThat(edge.asked().get(1)).endsWith("?after=c-far&to=the-end");
  }

  @Test
  void aGapIsHandedOnAndRemembered() throws Exception {
    edge.whole(
        "{\"op\":\"gap\",\"thread\":\"t\",\"reason\":\"EXPIRED\",\"to\":\"c-3\"}", line(4), end(1));
    ReplayDownload download = download(Map.of());

    assertThat(download.read(recorder)).isTrue();

    assertThat(recorder.lines).containsExactly("gap EXPIRED", line(4), "end c-end 1");
    assertThat(download.gaps()).isTrue();
  }

  @Test
  void aRefusalIsNotAskedForAgain() {
    edge.refuses(403, "{\"code\":\"FORBIDDEN\",\"detail\":\"history is not granted\"}");

    assertThatThrownBy(() -> download(Map.of()).read(recorder))
        .isInstanceOf(ReplayRefusedException.class)
        .hasMessage("the edge answers 403: FORBIDDEN, history is not granted");
    assertThat(edge.asked()).hasSize(1);
  }

  private ReplayDownload download(Map<String, String> query) {
    return new ReplayDownload(edge.uri(), "t", query, () -> "token", pauses::add);
  }

  private static String line(int seq) {
    return "{\"thread\":\"t\",\"run\":\"r\",\"attempt\":1,\"seq\":%d,\"cursor\":\"c-%d\",\"ts\":%d,"
            .formatted(seq, seq, 1_000 * seq)
        + "\"event\":{ \"type\":\"CUSTOM\",\"name\":\"ü\"}}";
  }

  private static String end(int events) {
    return "{\"op\":\"end\",\"cursor\":\"c-end\",\"events\":" + events + ",\"scanned\":100}";
  }
}
