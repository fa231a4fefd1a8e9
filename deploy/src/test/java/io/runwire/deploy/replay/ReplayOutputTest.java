package io.runwire.deploy.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The forms in which a replay is written. */
class ReplayOutputTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final long START_MS = 1_772_366_400_000L; // 2026-03-01T12:00:00Z

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private long seq;

  @Test
  void linesAreTheEdgesOwn() throws Exception {
    ReplayRecord record = record(0, "{ \"type\":\"CUSTOM\", \"name\":\"gr\\u00fcn\",\"n\":1.50}");
    Lines lines = new Lines(out);

    lines.record(record);
    lines.end("c", 1);

    assertThat(written())
        .isEqualTo(
            new String(record.line(), StandardCharsets.UTF_8)
                + "\n{\"op\":\"end\",\"cursor\":\"c\",\"events\":1}\n");
  }

  @Test
  void aCloudEventHoldsTheAgentsBytes() throws Exception {
    String event = "{ \"type\":\"CUSTOM\", \"event\":{\"a\":1}, \"n\":1.50}";
    CloudEvents events = new CloudEvents(out);

    events.record(record(0, event));
    events.end("c", 1);

    assertThat(written())
        .isEqualTo(
            "{\"specversion\":\"1.0\",\"id\":\"r/1/1\",\"source\":\"/v1/threads/t\","
                + "\"type\":\"CUSTOM\",\"subject\":\"r\",\"time\":\"2026-03-01T12:00:00Z\","
                + "\"partitionkey\":\"t\",\"sequence\":\"1\","
                + "\"datacontenttype\":\"application/json\",\"data\":"
                + event
                + "}\n");
  }

  @Test
  void aTranscriptTellsWhoDidWhatAndWhen() throws Exception {
    Transcript transcript = transcript();
    transcript.record(
        record(
            0,
            "{\"type\":\"RUN_STARTED\",\"input\":{\"messages\":[{\"role\":\"user\","
                + "\"content\":\"Why?\"}]}}"));
    transcript.record(
        record(
            100, "{\"type\":\"REASONING_MESSAGE_CONTENT\",\"messageId\":\"a\",\"delta\":\"Hm\"}"));
    transcript.record(record(150, "{\"type\":\"REASONING_MESSAGE_END\",\"messageId\":\"a\"}"));
    transcript.record(
        record(
            200,
            "{\"type\":\"TOOL_CALL_START\",\"toolCallId\":\"1\",\"toolCallName\":\"search\"}"));
    transcript.record(
        record(
            210, "{\"type\":\"TOOL_CALL_ARGS\",\"toolCallId\":\"1\",\"delta\":\"{\\\"q\\\":\"}"));
    transcript.record(
        record(220, "{\"type\":\"TOOL_CALL_ARGS\",\"toolCallId\":\"1\",\"delta\":\"1}\"}"));
    transcript.record(record(230, "{\"type\":\"TOOL_CALL_END\",\"toolCallId\":\"1\"}"));
    transcript.record(
        record(900, "{\"type\":\"TOOL_CALL_RESULT\",\"toolCallId\":\"1\",\"content\":\"found\"}"));
    transcript.record(
        record(
            1_000, "{\"type\":\"TEXT_MESSAGE_START\",\"messageId\":\"m\",\"role\":\"assistant\"}"));
    transcript.record(
        record(1_100, "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"m\",\"delta\":\"Be\"}"));
    transcript.record(
        record(
            1_200,
            "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"m\","
                + "\"delta\":\"cause\\n\\u001b[2Jof it\"}"));
    transcript.record(record(1_300, "{\"type\":\"TEXT_MESSAGE_END\",\"messageId\":\"m\"}"));
    transcript.record(
        record(2_000, "{\"type\":\"RUN_ERROR\",\"code\":\"TIMEOUT\",\"message\":\"too long\"}"));
    transcript.end("c", 13);

    assertThat(written())
        .isEqualTo(
            String.join(
                System.lineSeparator(),
                "== 2026-03-01 12:00:00.000  run r of t, attempt 1",
                "     +0.000  user: Why?",
                "     +0.100  thinks: Hm",
                "     +0.200  -> search {\"q\":1}",
                "     +0.900  <- found",
                "     +1.000  assistant: Because\n              [2Jof it",
                "     +2.000  failed after 13 events: TIMEOUT too long",
                "-- 13 events; goes on at c",
                ""));
  }

  @Test
  void textThatIsUnfinishedWhenTheRunEndsIsShown() throws Exception {
    Transcript transcript = transcript();
    transcript.record(
        record(100, "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"m\",\"delta\":\"Half\"}"));
    transcript.record(record(200, "{\"type\":\"RUN_FINISHED\"}"));
    transcript.end("c", 2);

    assertThat(written()).contains("assistant: Half", "finished after 2 events");
  }

  @Test
  void aTranscriptTellsWhoWasShownWhatAndWhoWasGivenUp() throws Exception {
    Transcript transcript = transcript();
    transcript.record(record(0, "{\"type\":\"RUN_STARTED\"}").with(shown(112, 38)));
    String delta = "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"messageId\":\"m\",\"delta\":\"Be\"}";
    transcript.record(record(100, delta).with(shown(200, 12)));
    transcript.record(
        record(150, delta)
            .with(
                new Evidence(
                    List.of(delivery("c1", 260, OptionalLong.empty())),
                    List.of(
                        new GivenUp("c2", Optional.of("u43"), START_MS + 9_000, "ACK", 3, 4008)))));
    transcript.record(
        record(300, "{\"type\":\"TEXT_MESSAGE_END\",\"messageId\":\"m\"}")
            .with(shown(86_400_301L, 5)));
    transcript.record(
        record(400, "{\"type\":\"STEP_STARTED\",\"stepName\":\"look\"}")
            .with(new Evidence(List.of(delivery("c1", 420, OptionalLong.empty())), List.of())));
    transcript.record(
        record(500, "{\"type\":\"RUN_FINISHED\"}").with(new Evidence(List.of(), List.of())));

    assertThat(written())
        .isEqualTo(
            String.join(
                System.lineSeparator(),
                "== 2026-03-01 12:00:00.000  run r of t, attempt 1",
                "             | shown 12:00:00.112, acknowledged +38 ms: u42, connection c1",
                "             | given up 12:00:09.000 after 3 retries, nothing acknowledged:"
                    + " u43, connection c2",
                "     +0.100  assistant: BeBe",
                "             | shown 12:00:00.200 to 2026-03-02 12:00:00.301,"
                    + " acknowledged +5 to +12 ms (1 not): u42, connection c1",
                "     +0.400  step look",
                "             | written 12:00:00.420, not acknowledged: u42, connection c1",
                "     +0.500  finished after 6 events",
                "             | no delivery reported",
                ""));
  }

  @Test
  void linesTellDeliveriesBehindTheirEvent() throws Exception {
    Lines lines = new Lines(out);
    ReplayRecord record = record(0, "{\"type\":\"RUN_STARTED\"}");

    lines.record(
        record.with(
            new Evidence(
                List.of(delivery("c1", 112, OptionalLong.of(38))),
                List.of(new GivenUp("c2", Optional.empty(), START_MS, "WRITE", 3, 4008)))));
    lines.end("c", 1);

    assertThat(written().lines())
        .containsExactly(
            new String(record.line(), StandardCharsets.UTF_8),
            "{\"op\":\"delivery\",\"run\":\"r\",\"attempt\":1,\"seq\":1,\"connection\":\"c1\","
                + "\"subject\":\"u42\",\"writtenAt\":1772366400112,\"acknowledgedAfterMs\":38}",
            "{\"op\":\"given-up\",\"run\":\"r\",\"attempt\":1,\"seq\":1,\"connection\":\"c2\","
                + "\"at\":1772366400000,\"cause\":\"WRITE\",\"retries\":3,\"code\":4008}",
            "{\"op\":\"end\",\"cursor\":\"c\",\"events\":1}");
  }

  @Test
  void theRecordedPaceKeepsTimeOverTheWhole() throws Exception {
    List<Long> waitedMs = new ArrayList<>();
    long[] nowNs = {0};
    RecordedPace pace =
        new RecordedPace(
            new Lines(out),
            10,
            () -> nowNs[0],
            time -> {
              waitedMs.add(time.toMillis());
              nowNs[0] += time.toNanos() + Duration.ofMillis(5).toNanos(); // it oversleeps
            });

    for (long atMs : new long[] {0, 1_000, 1_000, 500, 3_000}) {
      pace.record(record(atMs, "{}"));
    }

    assertThat(waitedMs).containsExactly(100L, 195L);
  }

  private static Evidence shown(long atMs, long acknowledgedAfterMs) {
    return new Evidence(
        List.of(delivery("c1", atMs, OptionalLong.of(acknowledgedAfterMs))), List.of());
  }

  private static Delivery delivery(String connection, long atMs, OptionalLong afterMs) {
    return new Delivery(connection, Optional.of("u42"), START_MS + atMs, afterMs);
  }

  private Transcript transcript() {
    return new Transcript(new PrintStream(out, true, StandardCharsets.UTF_8), ZoneOffset.UTC);
  }

  private ReplayRecord record(long atMs, String event) throws Exception {
    String line =
        "{\"thread\":\"t\",\"run\":\"r\",\"attempt\":1,\"seq\":%d,\"cursor\":\"c\",\"ts\":%d,"
                .formatted(++seq, START_MS + atMs)
            + "\"event\":"
            + event
            + "}";
    return new ReplayRecord(line.getBytes(StandardCharsets.UTF_8), MAPPER.readTree(line));
  }

  private String written() {
    return out.toString(StandardCharsets.UTF_8);
  }
}
