package io.runwire.event;

import static io.runwire.event.RejectReason.MALFORMED_HEADER;
import static io.runwire.event.RejectReason.MISSING_HEADER;
import static io.runwire.event.RejectReason.UNKNOWN_TYPE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.event.Envelope.Read;
import io.runwire.event.Envelope.Refused;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

class EnvelopeReaderTest {
  private static final byte[] KEY = "t".getBytes(UTF_8);
  private static final byte[] NOT_UTF8 = {'a', (byte) 0xc0, (byte) 0x80};

  /** One thing that a header says, beside a key and the headers that are required. */
  private record Mistake(
      String what, String header, String value, RejectReason reason, String detail) {
    @Override
    public String toString() {
      return what;
    }
  }

  private static Mistake malformed(String what, String header, String value, String expected) {
    return new Mistake(
        what,
        header,
        value,
        MALFORMED_HEADER,
        header + ": '" + Ids.printable(value) + "' (expected: " + expected + ")");
  }

  private static final String ID = "1-200 chars of [A-Za-z0-9._~:-]";
  private static final String SEQ = "1..9007199254740991";
  private static final String ATTEMPT = "1..1000000";
  private static final String TIMEOUT = "1..86400000";
  private static final String SRC = "<topic id>:<partition>:<offset>";

  static final List<Mistake> MISTAKES =
      List.of(
          malformed("an empty run", "run", "", ID),
          malformed("a run of 201 chars", "run", "r".repeat(201), ID),
          malformed("a run with a slash", "run", "a/b", ID),
          malformed("a run with NUL", "run", "a\u0000", ID),
          malformed("a run with a bidi control", "run", "a\u202eb", ID),
          malformed("a run with a line break", "run", "a\r\nb", ID),
          malformed("an empty thread", "thread", "", ID),
          malformed("a thread that is no id", "thread", "a b", ID),
          malformed("seq 0", "seq", "0", SEQ),
          malformed("seq -1", "seq", "-1", SEQ),
          malformed("seq +1", "seq", "+1", SEQ),
          malformed("seq 1.0", "seq", "1.0", SEQ),
          malformed("seq 1e3", "seq", "1e3", SEQ),
          malformed("an empty seq", "seq", "", SEQ),
          malformed("a seq with a space", "seq", " 1", SEQ),
          malformed("a seq in Arabic digits", "seq", "١", SEQ),
          malformed("a seq that a browser rounds", "seq", "9007199254740992", SEQ),
          malformed("a seq beyond 64 bits", "seq", "9223372036854775808", SEQ),
          malformed("attempt 0", "attempt", "0", ATTEMPT),
          malformed("attempt -1", "attempt", "-1", ATTEMPT),
          malformed("an attempt too high", "attempt", "1000001", ATTEMPT),
          malformed("an attempt beyond 32 bits", "attempt", "4294967297", ATTEMPT),
          malformed("final in another case", "final", "TRUE", "true or false"),
          malformed("final as a number", "final", "1", "true or false"),
          malformed("an empty final", "final", "", "true or false"),
          malformed("timeout 0", "timeout-ms", "0", TIMEOUT),
          malformed("a negative timeout", "timeout-ms", "-5", TIMEOUT),
          malformed("a timeout of more than a day", "timeout-ms", "86400001", TIMEOUT),
          malformed("a timeout with a unit", "timeout-ms", "60s", TIMEOUT),
          malformed("an unknown origin", "origin", "router", "agent, watchdog or rekey"),
          malformed("an origin in another case", "origin", "Agent", "agent, watchdog or rekey"),
          malformed("a src of another form", "src", "agent-events:0:1", SRC),
          malformed("a src below zero", "src", "AAAAAAAAAAMAAAAAAAAABA:0:-1", SRC),
          new Mistake(
              "a type of 0.x", "type", "THINKING_START", UNKNOWN_TYPE, "type: 'THINKING_START'"),
          new Mistake(
              "a type in another case", "type", "run_started", UNKNOWN_TYPE, "type: 'run_started'"),
          new Mistake("an empty type", "type", "", UNKNOWN_TYPE, "type: ''"),
          new Mistake(
              "a type with an escape sequence", "type", "\u001b[2J", UNKNOWN_TYPE, "type: '?[2J'"));

  @ParameterizedTest
  @FieldSource("MISTAKES")
  void refuses(Mistake mistake) {
    Headers headers = required();
    headers.remove(mistake.header);
    headers.add(mistake.header, mistake.value.getBytes(UTF_8));

    assertThat(EnvelopeReader.read(KEY, headers))
        .isEqualTo(new Refused(mistake.reason, mistake.detail));
  }

  @ParameterizedTest
  @CsvSource({"run", "seq", "type"})
  void refusesWithoutARequiredHeader(String header) {
    Headers headers = required().remove(header);

    assertThat(EnvelopeReader.read(KEY, headers))
        .isEqualTo(new Refused(MISSING_HEADER, header + ": absent"));
  }

  @ParameterizedTest
  @CsvSource({"run", "seq", "type", "attempt", "thread", "final", "src", "traceparent", "x"})
  void refusesAHeaderThatStandsTwiceEvenIfItSaysTheSame(String header) {
    Headers headers = required().remove(header);
    headers.add(header, "1".getBytes(UTF_8)).add(header, "1".getBytes(UTF_8));

    assertThat(EnvelopeReader.read(KEY, headers))
        .isEqualTo(new Refused(MALFORMED_HEADER, header + ": stands twice"));
  }

  @ParameterizedTest
  @CsvSource({"run", "seq", "type", "attempt", "thread", "final", "src", "traceparent", "x"})
  void refusesAHeaderThatIsNoUtf8(String header) {
    Headers headers = required().remove(header).add(header, NOT_UTF8);

    assertThat(EnvelopeReader.read(KEY, headers))
        .isEqualTo(new Refused(MALFORMED_HEADER, header + ": not UTF-8"));
  }

  @Test
  void refusesAHeaderWithoutValue() {
    Headers headers = required().remove("run").add("run", null);

    assertThat(EnvelopeReader.read(KEY, headers))
        .isEqualTo(new Refused(MALFORMED_HEADER, "run: 'null' (expected: UTF-8)"));
  }

  @Test
  void refusesARecordThatNamesNoThread() {
    assertThat(EnvelopeReader.read(null, required()))
        .isEqualTo(new Refused(MISSING_HEADER, "no key and no header thread"));
  }

  @Test
  void refusesAKeyThatIsNoId() {
    assertThat(EnvelopeReader.read(new byte[0], required()))
        .isEqualTo(new Refused(MALFORMED_HEADER, "key: '' (expected: " + ID + ")"));
    assertThat(EnvelopeReader.read(NOT_UTF8, required()))
        .isEqualTo(new Refused(MALFORMED_HEADER, "key: not UTF-8"));
  }

  @Test
  void readsTheRequiredHeadersAndTakesTheRestForGranted() {
    assertThat(EnvelopeReader.read(KEY, required()))
        .isEqualTo(
            new Read(
                new Envelope(
                    "t",
                    "r",
                    1,
                    12,
                    EventType.CUSTOM,
                    false,
                    Optional.empty(),
                    Origin.AGENT,
                    Optional.empty())));
  }

  @Test
  void readsEveryHeader() {
    Headers headers =
        headers(
            "run", "r",
            "thread", "other",
            "attempt", "1000000",
            "seq", "9007199254740991",
            "type", "RUN_ERROR",
            "final", "false",
            "timeout-ms", "86400000",
            "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "origin", "watchdog",
            "src", "AAAAAAAAAAMAAAAAAAAABA:7:63",
            "reason", "DUPLICATE",
            "somebody-elses", "grüße");

    assertThat(EnvelopeReader.read(KEY, headers))
        .isEqualTo(
            new Read(
                new Envelope(
                    "other",
                    "r",
                    1_000_000,
                    9_007_199_254_740_991L,
                    EventType.RUN_ERROR,
                    false,
                    Optional.of(Duration.ofDays(1)),
                    Origin.WATCHDOG,
                    Optional.of(new SourcePosition(new Uuid(3, 4), 7, 63)))));
  }

  @ParameterizedTest
  @CsvSource({
    "RUN_FINISHED, , true",
    "RUN_FINISHED, true, true",
    "RUN_FINISHED, false, false",
    "RUN_ERROR, , true",
    "RUN_ERROR, false, false",
    "RUN_STARTED, true, false",
    "TEXT_MESSAGE_END, true, false",
    "SUBAGENT_FINISHED, true, false"
  })
  void aTerminalTypeEndsTheRunUnlessItSaysThatAnotherAttemptFollows(
      String type, String isFinal, boolean ends) {
    Headers headers = required().remove("type").add("type", type.getBytes(UTF_8));
    if (isFinal != null) {
      headers.add("final", isFinal.getBytes(UTF_8));
    }

    assertThat(envelope(KEY, headers).ends()).isEqualTo(ends);
  }

  @ParameterizedTest
  @EnumSource
  void readsEveryTypeByItsName(EventType type) {
    Headers headers = required().remove("type").add("type", type.name().getBytes(UTF_8));

    assertThat(envelope(KEY, headers).type()).isEqualTo(type);
  }

  @ParameterizedTest
  @EnumSource
  void readsEveryOriginByItsHeader(Origin origin) {
    Headers headers = required().add("origin", origin.header().getBytes(UTF_8));

    assertThat(envelope(KEY, headers).origin()).isEqualTo(origin);
  }

  @Test
  void readsCloudEventsWhereOurHeadersAreAbsent() {
    Headers headers =
        headers(
            "ce_specversion", "1.0",
            "ce_id", "4711",
            "ce_source", "/agents/7",
            "ce_subject", "r",
            "ce_partitionkey", "other",
            "ce_sequence", "12",
            "ce_type", "RUN_STARTED");

    Envelope envelope = envelope(KEY, headers);

    assertThat(envelope.run()).isEqualTo("r");
    assertThat(envelope.thread()).isEqualTo("other");
    assertThat(envelope.seq()).isEqualTo(12);
    assertThat(envelope.attempt()).isEqualTo(1);
    assertThat(envelope.type()).isEqualTo(EventType.RUN_STARTED);
  }

  @Test
  void readsOurHeadersWhereCloudEventsStandBesideThem() {
    Headers headers = required();
    headers.add("ce_subject", "x".getBytes(UTF_8)).add("ce_type", "com.example".getBytes(UTF_8));
    headers.add("thread", "mine".getBytes(UTF_8)).add("ce_partitionkey", "?".getBytes(UTF_8));

    Envelope envelope = envelope(KEY, headers);

    assertThat(envelope.run()).isEqualTo("r");
    assertThat(envelope.thread()).isEqualTo("mine");
    assertThat(envelope.type()).isEqualTo(EventType.CUSTOM);
  }

  @Property
  void neverThrows(
      @ForAll @Size(max = 20) byte[] key,
      @ForAll @Size(max = 20) byte[] run,
      @ForAll @Size(max = 20) byte[] seq,
      @ForAll @Size(max = 20) byte[] src,
      @ForAll String name) {
    Headers headers = required().remove("run").remove("seq");
    headers.add("run", run).add("seq", seq).add("src", src).add(name, run);

    assertThat(EnvelopeReader.read(key, headers)).isNotNull();
  }

  private static Envelope envelope(byte[] key, Headers headers) {
    return ((Read) EnvelopeReader.read(key, headers)).envelope();
  }

  private static Headers required() {
    return headers("run", "r", "seq", "12", "type", "CUSTOM");
  }

  private static Headers headers(String... namesAndValues) {
    Headers headers = new RecordHeaders();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(namesAndValues[i], namesAndValues[i + 1].getBytes(UTF_8));
    }
    return headers;
  }
}
