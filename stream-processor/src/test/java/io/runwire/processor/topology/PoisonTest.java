package io.runwire.processor.topology;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.runwire.event.EventHeaders;
import io.runwire.event.EventValue;
import io.runwire.event.RejectReason;
import io.runwire.processor.AgentEvent;
import io.runwire.topic.Topic;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of broken record is rejected with its reason, and its neighbours do not notice. */
class PoisonTest {
  private static final AgentEvent GOOD = AgentEvent.content("t", "r", 1, 2);

  static Stream<Arguments> poison() {
    return Stream.of(
        value("null value", null, RejectReason.MALFORMED_JSON),
        value("no bytes", new byte[0], RejectReason.MALFORMED_JSON),
        value("random bytes", random(300), RejectReason.MALFORMED_JSON),
        value("truncated JSON", Arrays.copyOf(GOOD.value(), 20), RejectReason.MALFORMED_JSON),
        value("two values", "{} {}".getBytes(UTF_8), RejectReason.MALFORMED_JSON),
        value("no object", "[1]".getBytes(UTF_8), RejectReason.MALFORMED_JSON),
        value("two lines", "{\n}".getBytes(UTF_8), RejectReason.MALFORMED_JSON),
        value("too deep", "[".repeat(10_000).getBytes(UTF_8), RejectReason.MALFORMED_JSON),
        value("lone surrogate", bytes(0x22, 0xed, 0xa0, 0x80, 0x22), RejectReason.MALFORMED_JSON),
        value("other type", "{\"type\":\"RAW\"}".getBytes(UTF_8), RejectReason.TYPE_MISMATCH),
        value("over 1 MiB", json(EventValue.MAX_BYTES + 1), RejectReason.TOO_LARGE),
        headers("no run", h -> h.remove(EventHeaders.RUN), RejectReason.MISSING_HEADER),
        headers("no seq", h -> h.remove(EventHeaders.SEQ), RejectReason.MISSING_HEADER),
        headers("no type", h -> h.remove(EventHeaders.TYPE), RejectReason.MISSING_HEADER),
        header("seq 0", EventHeaders.SEQ, "0", RejectReason.MALFORMED_HEADER),
        header("seq -1", EventHeaders.SEQ, "-1", RejectReason.MALFORMED_HEADER),
        header("seq no number", EventHeaders.SEQ, "two", RejectReason.MALFORMED_HEADER),
        header("attempt 0", EventHeaders.ATTEMPT, "0", RejectReason.MALFORMED_HEADER),
        header("bad run id", EventHeaders.RUN, "a/b", RejectReason.MALFORMED_HEADER),
        header("bad origin", EventHeaders.ORIGIN, "mars", RejectReason.MALFORMED_HEADER),
        header("unknown type", EventHeaders.TYPE, "THINKING_START", RejectReason.UNKNOWN_TYPE),
        headers(
            "double header",
            h -> h.add(EventHeaders.SEQ, "2".getBytes(UTF_8)),
            RejectReason.MALFORMED_HEADER),
        headers(
            "header of no UTF-8",
            h -> h.add("x", bytes(0xc3, 0x28)),
            RejectReason.MALFORMED_HEADER),
        headers("null header", h -> h.add("x", null), RejectReason.MALFORMED_HEADER),
        headers("huge header", h -> h.add("x", new byte[40_000]), RejectReason.TOO_LARGE),
        arguments("null key", null, GOOD.headers(), GOOD.value(), RejectReason.MISSING_HEADER),
        arguments(
            "key no id",
            bytes(0xff, 0xfe),
            GOOD.headers(),
            GOOD.value(),
            RejectReason.MALFORMED_HEADER));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("poison")
  void isRejectedAndItsNeighboursArrive(
      String name,
      byte @Nullable [] key,
      Headers headers,
      byte @Nullable [] value,
      RejectReason reason) {
    try (TestRouter router = new TestRouter(1)) {
      router.send(AgentEvent.started("t", "r", 1));
      router.send(key, headers, value, TestRouter.STAMP);
      router.send(GOOD);

      assertThat(router.read(Topic.THREAD_EVENTS)).hasSize(2);
      List<TestRecord<byte[], byte[]>> rejected = router.read(Topic.REJECTED_EVENTS);
      assertThat(rejected).hasSize(1);
      assertThat(text(rejected.get(0), EventHeaders.REASON)).isEqualTo(reason.name());
      assertThat(text(rejected.get(0), "detail").length()).isBetween(5, 300);
    }
  }

  @ParameterizedTest
  @MethodSource("oddStamps")
  void aStampOfAnyTimeIsNoReasonToLoseARecord(long stamp) {
    try (TestRouter router = new TestRouter(1)) {
      AgentEvent start = AgentEvent.started("t", "r", 1);
      router.send(start.key(), start.headers(), start.value(), stamp);
      router.send(GOOD);
      assertThat(router.read(Topic.THREAD_EVENTS)).hasSize(2);
    }
  }

  static Stream<Long> oddStamps() {
    return Stream.of(0L, 32_503_680_000_000L, Long.MAX_VALUE / 2);
  }

  @Test
  void whatIsTooLargeForAnyTopicIsLeftOutOfTheRejection() {
    try (TestRouter router = new TestRouter(1)) {
      Headers headers = GOOD.headers();
      headers.add("x", new byte[2 << 20]);
      router.send(GOOD.key(), headers, json(3 << 20), TestRouter.STAMP);

      TestRecord<byte[], byte[]> rejected = router.read(Topic.REJECTED_EVENTS).get(0);
      assertThat(rejected.key()).isNull();
      assertThat(rejected.value()).isNull();
      assertThat(text(rejected, EventHeaders.SRC)).isEqualTo(router.log.agentEvents() + ":0:0");
    }
  }

  @Test
  void aValueOfExactly1MiBIsAccepted() {
    try (TestRouter router = new TestRouter(1)) {
      router.send(AgentEvent.started("t", "r", 1));
      router.send(GOOD.key(), GOOD.headers(), json(EventValue.MAX_BYTES), TestRouter.STAMP);
      assertThat(router.read(Topic.THREAD_EVENTS)).hasSize(2);
    }
  }

  private static Arguments value(String name, byte @Nullable [] value, RejectReason reason) {
    return arguments(name, GOOD.key(), GOOD.headers(), value, reason);
  }

  private static Arguments header(String name, String key, String value, RejectReason reason) {
    return headers(
        name,
        headers -> {
          headers.remove(key);
          headers.add(key, value.getBytes(UTF_8));
        },
        reason);
  }

  private static Arguments headers(String name, Consumer<Headers> change, RejectReason reason) {
    Headers headers = new RecordHeaders(GOOD.headers());
    change.accept(headers);
    return arguments(name, GOOD.key(), headers, GOOD.value(), reason);
  }

  /** An event of that many bytes. */
  private static byte[] json(int bytes) {
    String head = "{\"type\":\"TEXT_MESSAGE_CONTENT\",\"delta\":\"";
    return (head + "x".repeat(bytes - head.length() - 2) + "\"}").getBytes(UTF_8);
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    new Random(7).nextBytes(bytes);
    return bytes;
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  private static String text(TestRecord<byte[], byte[]> record, String name) {
    return new String(requireNonNull(record.headers().lastHeader(name), name).value(), UTF_8);
  }
}
