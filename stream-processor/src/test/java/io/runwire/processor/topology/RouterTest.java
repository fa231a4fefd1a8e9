package io.runwire.processor.topology;

import static io.runwire.processor.AgentEvent.content;
import static io.runwire.processor.AgentEvent.failed;
import static io.runwire.processor.AgentEvent.finished;
import static io.runwire.processor.AgentEvent.started;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.event.EventHeaders;
import io.runwire.event.EventType;
import io.runwire.event.RejectReason;
import io.runwire.processor.AgentEvent;
import io.runwire.topic.ThreadPartitioner;
import io.runwire.topic.Topic;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class RouterTest {
  private final TestRouter router = new TestRouter(1);

  @AfterEach
  void close() {
    router.close();
  }

  @Test
  void passesARecordOnWithEveryByteOfItAndItsSourcePosition() {
    AgentEvent event = started("t", "r", 1);
    Headers headers = event.headers();
    headers.add(EventHeaders.TRACEPARENT, "00-ab-cd-01".getBytes(UTF_8));
    headers.add("of-the-team", new byte[] {1, 2, 3});
    headers.add(EventHeaders.SRC, (router.log.agentEvents() + ":7:7").getBytes(UTF_8));

    router.send(event.key(), headers, event.value(), TestRouter.STAMP);

    TestRecord<byte[], byte[]> routed = only(router.read(Topic.THREAD_EVENTS));
    assertThat(routed.key()).isEqualTo("t".getBytes(UTF_8));
    assertThat(routed.value()).isEqualTo(event.value());
    assertThat(routed.timestamp()).isEqualTo(TestRouter.STAMP);
    assertThat(names(routed))
        .containsExactly("run", "attempt", "seq", "type", "traceparent", "of-the-team", "src");
    assertThat(requireNonNull(routed.headers().lastHeader("of-the-team")).value())
        .isEqualTo(new byte[] {1, 2, 3});
    assertThat(header(routed, EventHeaders.SRC)).isEqualTo(router.log.agentEvents() + ":0:0");
    assertThat(router.read(Topic.REJECTED_EVENTS)).isEmpty();
  }

  @Test
  void keysARecordByItsThreadWhereTheKeyWasAnother() {
    AgentEvent event = started("t", "r", 1);
    Headers headers = event.headers();
    headers.add(EventHeaders.THREAD, "t".getBytes(UTF_8));

    router.send("customer-9".getBytes(UTF_8), headers, event.value(), TestRouter.STAMP);

    assertThat(only(router.read(Topic.THREAD_EVENTS)).key()).isEqualTo("t".getBytes(UTF_8));
  }

  @Test
  void acceptsCloudEventsHeaders() {
    AgentEvent event = started("t", "r", 1);
    Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
    headers.add("ce_id", "x".getBytes(UTF_8));
    headers.add("ce_subject", "r".getBytes(UTF_8));
    headers.add("ce_type", "RUN_STARTED".getBytes(UTF_8));
    headers.add("ce_sequence", "1".getBytes(UTF_8));
    headers.add("ce_partitionkey", "t".getBytes(UTF_8));

    router.send(null, headers, event.value(), TestRouter.STAMP);

    assertThat(only(router.read(Topic.THREAD_EVENTS)).key()).isEqualTo("t".getBytes(UTF_8));
  }

  @Test
  void rejectsWhatWasAcceptedBefore() {
    router.send(started("t", "r", 1), content("t", "r", 1, 2), content("t", "r", 1, 2));
    assertRejected(RejectReason.DUPLICATE);
    assertThat(router.read(Topic.THREAD_EVENTS)).hasSize(2);
  }

  @Test
  void rejectsARepetitionWithOtherBytes() {
    AgentEvent event = started("t", "r", 1);
    router.send(event);
    byte[] others = "{\"type\":\"RUN_STARTED\"}".getBytes(UTF_8);
    router.send(event.key(), event.headers(), others, TestRouter.STAMP);
    assertThat(assertRejected(RejectReason.DUPLICATE).value()).isEqualTo(others);
  }

  @Test
  void rejectsWhatComesAfterTheEnd() {
    router.send(started("t", "r", 1), finished("t", "r", 1, 2), content("t", "r", 1, 3));
    assertRejected(RejectReason.AFTER_TERMINAL);
  }

  @Test
  void rejectsANewAttemptOfARunThatHasEnded() {
    router.send(started("t", "r", 1), finished("t", "r", 1, 2), started("t", "r", 2));
    assertRejected(RejectReason.AFTER_TERMINAL);
  }

  @Test
  void rejectsTheOlderAttemptOnceANewerHasBegun() {
    router.send(
        started("t", "r", 1),
        content("t", "r", 1, 2),
        started("t", "r", 2),
        content("t", "r", 1, 3));
    assertRejected(RejectReason.FENCED_ATTEMPT);
    assertThat(router.read(Topic.THREAD_EVENTS)).hasSize(3);
  }

  @Test
  void letsAnAttemptFollowOneThatEndedNotForGood() {
    router.send(
        started("t", "r", 1),
        failed("t", "r", 1, 2),
        started("t", "r", 2),
        finished("t", "r", 2, 2));
    assertThat(router.read(Topic.THREAD_EVENTS)).hasSize(4);
  }

  @Test
  void rejectsWhatFollowsInAnAttemptThatHasEnded() {
    router.send(started("t", "r", 1), failed("t", "r", 1, 2), content("t", "r", 1, 3));
    assertRejected(RejectReason.AFTER_TERMINAL);
  }

  @Test
  void rejectsAnAttemptThatBeginsWithoutAStart() {
    router.send(content("t", "r", 1, 1));
    assertRejected(RejectReason.NOT_STARTED);
  }

  @Test
  void letsTheWatchdogOpenAnAttemptWithAnError() {
    router.send(
        started("t", "r", 1),
        failed("t", "r", 1, 2),
        new AgentEvent("t", "r", 2, 1, EventType.RUN_ERROR, true));
    assertThat(router.read(Topic.THREAD_EVENTS)).hasSize(3);
  }

  @Test
  void rejectsARunOfAnotherThread() {
    router.send(started("t", "r", 1), content("other", "r", 1, 2));
    assertRejected(RejectReason.WRONG_THREAD);
  }

  @Test
  void passesAHoleOnAndStillTakesWhatFillsIt() {
    router.send(
        started("t", "r", 1),
        content("t", "r", 1, 3),
        finished("t", "r", 1, 4),
        content("t", "r", 1, 2),
        content("t", "r", 1, 3),
        finished("t", "r", 1, 4));
    assertThat(router.read(Topic.THREAD_EVENTS)).hasSize(6);
    assertThat(router.read(Topic.REJECTED_EVENTS)).isEmpty();
  }

  @Test
  void passesOnARunOfWhichTheStartIsUnknown() {
    router.send(content("t", "r", 1, 7), content("t", "r", 1, 5), content("t", "r", 1, 7));
    assertThat(router.read(Topic.THREAD_EVENTS)).hasSize(3);
  }

  @Test
  void sendsARecordOnAnotherPartitionThanItsThreadsThroughAgentEventsOnce() {
    try (TestRouter four = new TestRouter(4)) {
      String elsewhere = thread(four, 3);
      AgentEvent event = started(elsewhere, "r", 1);
      Headers headers = event.headers();
      headers.add(EventHeaders.THREAD, elsewhere.getBytes(UTF_8));
      headers.add(EventHeaders.ORIGIN, "agent".getBytes(UTF_8));

      four.send("customer-9".getBytes(UTF_8), headers, event.value(), TestRouter.STAMP);

      TestRecord<byte[], byte[]> again = only(four.read(Topic.AGENT_EVENTS));
      assertThat(again.key()).isEqualTo(elsewhere.getBytes(UTF_8));
      assertThat(again.value()).isEqualTo(event.value());
      assertThat(names(again)).containsExactly("run", "attempt", "seq", "type", "thread", "origin");
      assertThat(header(again, EventHeaders.ORIGIN)).isEqualTo("rekey");
      // The driver has partition 0 only, so the record comes back to a wrong one.
      TestRecord<byte[], byte[]> rejected = only(four.read(Topic.REJECTED_EVENTS));
      assertThat(header(rejected, EventHeaders.REASON)).isEqualTo("WRONG_PARTITION");
      assertThat(header(rejected, EventHeaders.SRC)).isEqualTo(four.log.agentEvents() + ":0:1");
      assertThat(four.read(Topic.THREAD_EVENTS)).isEmpty();
    }
  }

  @Test
  void rejectedRecordsKeepTheirBytesAndSayWhyAndWhereTheyStood() {
    byte[] key = {(byte) 0xff, 0};
    byte[] value = {(byte) 0xc3, 0x28, 0};
    Headers headers = started("t", "r", 1).headers();
    headers.add(EventHeaders.THREAD, "t".getBytes(UTF_8));
    headers.add(EventHeaders.REASON, "NONE".getBytes(UTF_8));

    router.send(key, headers, value, TestRouter.STAMP);

    TestRecord<byte[], byte[]> rejected = assertRejected(RejectReason.MALFORMED_JSON);
    assertThat(rejected.key()).isEqualTo(key);
    assertThat(rejected.value()).isEqualTo(value);
    assertThat(rejected.timestamp()).isEqualTo(TestRouter.STAMP);
    assertThat(names(rejected))
        .containsExactly("run", "attempt", "seq", "type", "thread", "reason", "detail", "src");
    assertThat(header(rejected, EventHeaders.SRC)).isEqualTo(router.log.agentEvents() + ":0:0");
    assertThat(header(rejected, "detail")).isEqualTo("value: control byte at 2");
  }

  @Test
  void forgetsARunADayAfterItsLastChange() {
    router.send(started("t", "old", 1));
    long later = TestRouter.STAMP + RouterProcessor.FORGET_AFTER.toMillis() + 60_000;
    AgentEvent next = started("t", "new", 1);
    router.send(next.key(), next.headers(), next.value(), later);
    assertThat(router.store().get("old")).isNull();
    assertThat(router.store().get("new")).isNotNull();
    assertThat(router.store().get(Incarnation.KEY)).isNotNull();
  }

  @Test
  void countsWhatItRejects() {
    router.send(started("t", "r", 1), started("t", "r", 1), content("t", "s", 1, 1));
    assertThat(router.counted).containsExactly(RejectReason.DUPLICATE, RejectReason.NOT_STARTED);
  }

  private TestRecord<byte[], byte[]> assertRejected(RejectReason reason) {
    TestRecord<byte[], byte[]> rejected = only(router.read(Topic.REJECTED_EVENTS));
    assertThat(header(rejected, EventHeaders.REASON)).isEqualTo(reason.name());
    return rejected;
  }

  private static String thread(TestRouter router, int partition) {
    return Stream.iterate(0, i -> i + 1)
        .map(i -> "t" + i)
        .filter(t -> ThreadPartitioner.partition(t, router.log.partitions()) == partition)
        .findFirst()
        .orElseThrow();
  }

  private static <T> T only(List<T> list) {
    assertThat(list).hasSize(1);
    return list.get(0);
  }

  private static String header(TestRecord<byte[], byte[]> record, String name) {
    return new String(requireNonNull(record.headers().lastHeader(name), name).value(), UTF_8);
  }

  private static List<String> names(TestRecord<byte[], byte[]> record) {
    return Arrays.stream(record.headers().toArray()).map(Header::key).toList();
  }
}
