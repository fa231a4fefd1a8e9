package io.runwire.processor.ledger;

import static io.runwire.processor.AgentEvent.content;
import static io.runwire.processor.AgentEvent.failed;
import static io.runwire.processor.AgentEvent.finished;
import static io.runwire.processor.AgentEvent.started;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.runwire.cursor.LogIdentity;
import io.runwire.event.EventHeaders;
import io.runwire.event.EventType;
import io.runwire.event.SourcePosition;
import io.runwire.fold.Verdict;
import io.runwire.processor.AgentEvent;
import io.runwire.processor.ledger.Ledger.Runs;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LedgerTopologyTest {
  private static final long STAMP = 1_764_000_000_000L;
  private static final Duration RETENTION = Duration.ofDays(180);

  private final LogIdentity log = new LogIdentity(Uuid.randomUuid(), Uuid.randomUuid(), 1);
  private final List<Verdict> verdicts = new ArrayList<>();
  private final List<LedgerRow> followed = new ArrayList<>();
  private int unreadable;

  @SuppressWarnings("NullAway.Init")
  private TopologyTestDriver driver;

  @SuppressWarnings("NullAway.Init")
  private TestInputTopic<byte[], byte[]> threadEvents;

  @SuppressWarnings("NullAway.Init")
  private TestOutputTopic<String, byte[]> runLedger;

  @BeforeEach
  void open() {
    Topology topology = new Topology();
    LedgerTopology.addTo(topology, log, new Counts(), RETENTION);
    topology.addProcessor(
        LedgerTopology.FOLLOWER,
        () -> (Processor<String, LedgerRow, Void, Void>) row -> followed.add(row.value()),
        LedgerTopology.LEDGER);
    driver = new TopologyTestDriver(topology, new Properties(), Instant.ofEpochMilli(STAMP));
    threadEvents =
        driver.createInputTopic(
            Topic.THREAD_EVENTS.topicName(), new ByteArraySerializer(), new ByteArraySerializer());
    runLedger =
        driver.createOutputTopic(
            Topic.RUN_LEDGER.topicName(), new StringDeserializer(), new ByteArrayDeserializer());
  }

  @AfterEach
  void close() {
    driver.close();
  }

  @Test
  void hasARowPerRunWithItsPlaceInTheLog() {
    routed(started("t", "r", 1), 100);
    routed(content("t", "r", 1, 2), 101);
    routed(started("t", "s", 1), 102);
    routed(finished("t", "r", 1, 3), 104);

    assertThat(row("r"))
        .isEqualTo(
            new LedgerRow(
                "r",
                "t",
                1,
                RunStatus.FINISHED,
                STAMP,
                STAMP + 4,
                3,
                null,
                null,
                0,
                0,
                100,
                3,
                3,
                STAMP + 4,
                4,
                null));
    assertThat(row("s").status()).isEqualTo(RunStatus.RUNNING);
    assertThat(row("s").endedAt()).isNull();
  }

  @Test
  void saysWhatAnErrorSaid() {
    routed(started("t", "r", 1), 1);
    routed(new AgentEvent("t", "r", 1, 2, EventType.RUN_ERROR, true), 2);

    assertThat(row("r").status()).isEqualTo(RunStatus.ERROR);
    assertThat(row("r").error()).isEqualTo(new RunFailure("it broke", "BROKEN"));
  }

  @Test
  void shortensALongMessage() {
    byte[] value = ("{\"message\":\"" + "x".repeat(5_000) + "\"}").getBytes(UTF_8);
    assertThat(RunFailure.of(value)).isEqualTo(new RunFailure("x".repeat(1_000) + "…", null));
  }

  @Test
  void isRetryingBetweenTwoAttemptsAndCountsTheCurrentOnesEvents() {
    routed(started("t", "r", 1), 1);
    routed(failed("t", "r", 1, 2), 2);
    assertThat(row("r").status()).isEqualTo(RunStatus.RETRYING);
    assertThat(row("r").error()).isNotNull();

    routed(started("t", "r", 2), 3);
    assertThat(row("r"))
        .isEqualTo(
            new LedgerRow(
                "r",
                "t",
                2,
                RunStatus.RUNNING,
                STAMP,
                null,
                1,
                null,
                null,
                0,
                0,
                1,
                2,
                1,
                STAMP,
                0,
                null));
  }

  @Test
  void keepsTheAttemptsTimeout() {
    Headers headers = started("t", "r", 1).headers();
    headers.add(EventHeaders.TIMEOUT_MS, "5000".getBytes(UTF_8));
    routed(started("t", "r", 1), headers, 1);
    routed(content("t", "r", 1, 2), 2);
    assertThat(row("r").timeoutMs()).isEqualTo(5_000);

    routed(started("t", "r", 2), 3);
    assertThat(row("r").timeoutMs()).isNull();
  }

  @Test
  void readingTheSameRecordsAgainChangesNothing() {
    for (int i = 0; i < 2; i++) {
      routed(started("t", "r", 1), 1);
      routed(failed("t", "r", 1, 2), 2);
      routed(started("t", "r", 2), 3);
      routed(content("t", "r", 2, 2), 4);
    }
    assertThat(row("r").events()).isEqualTo(2);
    assertThat(row("r").lastOffset()).isEqualTo(3);
    assertThat(verdicts)
        .containsExactly(
            Verdict.PASS,
            Verdict.PASS,
            Verdict.PASS,
            Verdict.PASS,
            Verdict.OLD_ATTEMPT,
            Verdict.OLD_ATTEMPT,
            Verdict.REPEATED,
            Verdict.REPEATED);
  }

  @Test
  void skipsAFencedAttemptAndWhatStandsBeyondAHole() {
    routed(started("t", "r", 1), 1);
    routed(started("t", "r", 2), 2);
    routed(content("t", "r", 1, 2), 3);
    routed(finished("t", "r", 2, 3), 4);
    assertThat(row("r").attempt()).isEqualTo(2);
    assertThat(row("r").status()).isEqualTo(RunStatus.RUNNING);
  }

  @Test
  void readsOnBehindARecordThatNoRouterWrote() {
    threadEvents.pipeInput(new TestRecord<>("t".getBytes(UTF_8), new byte[] {1}));
    routed(started("t", "r", 1), 1);
    routed(content("other", "r", 1, 2), 2);
    assertThat(unreadable).isEqualTo(2);
    assertThat(row("r").events()).isEqualTo(1);
    assertThat(position()).isEqualTo(new LedgerPosition(3, 2));
  }

  @Test
  void knowsHowFarItHasRead() {
    routed(started("t", "r", 1), 41);
    routed(content("t", "r", 1, 2), 42);
    routed(content("t", "r", 1, 2), 42);
    routed(started("t", "r", 1), 41);
    assertThat(position()).isEqualTo(new LedgerPosition(4, 42));
  }

  @Test
  void countsHowLongARunGoesOnAndNoSilenceForMoreThanItMayLast() {
    routed(started("t", "r", 1), 100);
    routed(content("t", "r", 1, 2), 30_100);
    assertThat(row("r").activeMs()).isEqualTo(30_000);
    routed(content("t", "r", 1, 3), 3_630_100); // a broker's clock is an hour ahead
    assertThat(row("r").activeMs()).isEqualTo(90_000);
    routed(content("t", "r", 1, 4), 40_100); // and the next one's is right
    routed(content("t", "r", 1, 5), 45_100);
    assertThat(row("r").activeMs()).isEqualTo(95_000);
  }

  @Test
  void handsOnEveryRowThatHasChanged() {
    routed(started("t", "r", 1), 1);
    routed(content("t", "r", 1, 2), 2);
    routed(content("t", "r", 1, 2), 2);
    assertThat(followed).extracting(LedgerRow::lastSeq).containsExactly(1L, 2L);
  }

  @Test
  void walksThroughTheOpenRunsInSlices() {
    for (int i = 0; i < 1_500; i++) {
      routed(started("t", "r" + i, 1), i);
    }
    routed(failed("t", "r7", 1, 2), 2_000);
    routed(finished("t", "r8", 1, 2), 2_001);
    List<String> seen = new ArrayList<>();
    LedgerStore.OpenRuns open = new LedgerStore(store()).openRuns();
    open.slice(row -> seen.add(row.run()));
    assertThat(seen).hasSize(1_000);
    for (int i = 0; i < 3; i++) {
      open.slice(row -> seen.add(row.run()));
    }
    assertThat(seen).hasSize(1_499).doesNotHaveDuplicates().contains("r7").doesNotContain("r8");
  }

  @Test
  void indexesARunUnderItsStatusOnly() {
    routed(started("t", "r", 1), 1);
    assertThat(index()).allMatch(key -> key.contains("/RUNNING/")).hasSize(2);
    routed(finished("t", "r", 1, 2), 2);
    assertThat(index()).allMatch(key -> key.contains("/FINISHED/")).hasSize(2);
  }

  @Test
  void knowsARunsAgentByTheNameThatItsStartCarries() {
    routed(started("t", "r", 1), named(started("t", "r", 1), "Research/Agent ✓"), 1);
    routed(content("t", "r", 1, 2), named(content("t", "r", 1, 2), "not a start"), 2);
    assertThat(row("r").agent()).isEqualTo("Research/Agent ✓");
    assertThat(index()).filteredOn(key -> key.startsWith("agent/")).hasSize(1);
    assertThat(index())
        .anyMatch(key -> key.startsWith("agent/Research%2FAgent+%E2%9C%93/RUNNING/"));

    routed(finished("t", "r", 1, 3), 3);
    assertThat(index()).hasSize(3).allMatch(key -> key.contains("/FINISHED/"));
    assertThat(LedgerRow.decode(row("r").encode())).isEqualTo(row("r"));
  }

  @Test
  void aFurtherAttemptMayBeAnotherAgentsAndOneWithoutANameIsTheSames() {
    routed(started("t", "r", 1), named(started("t", "r", 1), "first"), 1);
    routed(started("t", "r", 2), named(started("t", "r", 2), "second"), 2);
    assertThat(index())
        .filteredOn(key -> key.startsWith("agent/"))
        .singleElement()
        .asString()
        .startsWith("agent/second/");
    routed(started("t", "r", 3), 3);
    assertThat(row("r").agent()).isEqualTo("second");
  }

  @Test
  void findsTheNewestRunsOfAnAgentAndASpanOfTime() {
    for (int i = 0; i < 20; i++) {
      AgentEvent start = started("t" + i, "r" + i, 1);
      routed(start, named(start, i % 2 == 0 ? "even" : "odd"), 100 + i);
    }
    assertThat(found(search(99), "even", 3)).containsExactly("r18", "r16", "r14");
    assertThat(search(99).newest(Set.of(0), within(STAMP + 4, STAMP + 7)).runs())
        .extracting(LedgerRow::run)
        .containsExactly("r7", "r6", "r5", "r4");
    assertThat(search(99).newest(Set.of(0), within(STAMP + 7, STAMP + 4)).runs()).isEmpty();
    assertThat(search(99).newestOf("t3", 0, RunFilter.newest(9))).hasSize(1);
  }

  @Test
  void saysThatThereMayBeMoreWhereItHasNotLookedAtAll() {
    for (int i = 0; i < 20; i++) {
      routed(started("t" + i, "r" + i, 1), 100 + i);
      routed(new AgentEvent("t" + i, "r" + i, 1, 2, EventType.RUN_ERROR, true), 200 + i);
    }
    RunFilter none =
        new RunFilter(
            EnumSet.allOf(RunStatus.class),
            Optional.empty(),
            Optional.of("no such"),
            0,
            STAMP * 2,
            9);
    assertThat(search(20).newest(Set.of(0), none)).isEqualTo(new Runs(List.of(), false));
    assertThat(search(19).newest(Set.of(0), none)).isEqualTo(new Runs(List.of(), true));
    assertThat(search(19).newest(Set.of(0), RunFilter.newest(5)).partial()).isFalse();
  }

  /** Begins anew with the store as it is, at the start of thread-events; the output is lost. */
  private void crash() {
    Map<String, byte[]> stored = new HashMap<>();
    try (KeyValueIterator<String, byte[]> all = store().all()) {
      all.forEachRemaining(entry -> stored.put(entry.key, entry.value));
    }
    close();
    open();
    stored.forEach(store()::put);
    followed.clear();
  }

  private RunSearch search(int mostLookedAt) {
    return new RunSearch(partition -> store(), mostLookedAt);
  }

  private static List<String> found(RunSearch search, String agent, int limit) {
    RunFilter wanted =
        new RunFilter(
            EnumSet.allOf(RunStatus.class),
            Optional.of(agent),
            Optional.empty(),
            RunFilter.ALWAYS,
            RunFilter.FOR_EVER,
            limit);
    return search.newest(Set.of(0), wanted).runs().stream().map(LedgerRow::run).toList();
  }

  private static RunFilter within(long sinceMs, long untilMs) {
    return new RunFilter(
        EnumSet.allOf(RunStatus.class), Optional.empty(), Optional.empty(), sinceMs, untilMs, 99);
  }

  @Test
  void readsRowsOfOtherVersions() {
    routed(started("t", "r", 1), 1);
    String row = new String(row("r").encode(), UTF_8);
    assertThat(row).doesNotContain("agent");
    String newer = row.substring(0, row.length() - 1) + ",\"notYetKnown\":{}}";
    assertThat(LedgerRow.decode(newer.getBytes(UTF_8))).isEqualTo(row("r"));
  }

  @Test
  void indexesTheNewestFirst() {
    for (int i = 0; i < 12; i++) {
      routed(started("t", "r" + i, 1), 100 + i);
    }
    assertThat(
            index().stream()
                .filter(key -> key.startsWith("thread/t/"))
                .map(key -> key.substring(key.lastIndexOf('/') + 1)))
        .containsExactly("r11", "r10", "r9", "r8", "r7", "r6", "r5", "r4", "r3", "r2", "r1", "r0");
  }

  @Test
  void tellsRunLedgerWhenStatusOrAttemptChange() {
    routed(started("t", "r", 1), 1);
    routed(content("t", "r", 1, 2), 2);
    routed(started("t", "r", 2), 3);
    routed(finished("t", "r", 2, 2), 4);

    List<TestRecord<String, byte[]>> told = runLedger.readRecordsToList();
    assertThat(told).extracting(TestRecord::key).containsOnly("r");
    assertThat(told.stream().map(t -> LedgerRow.decode(t.value())))
        .extracting(LedgerRow::attempt, LedgerRow::status)
        .containsExactly(
            tuple(1, RunStatus.RUNNING), tuple(2, RunStatus.RUNNING), tuple(2, RunStatus.FINISHED));
  }

  @Test
  void tellsRunLedgerAgainWhereTheRowWasKeptInACrashAndItsRecordLost() {
    Runnable read =
        () -> {
          routed(started("t", "ended", 1), 1);
          routed(started("t", "retrying", 1), 2);
          routed(started("t", "running", 1), 3);
          routed(content("t", "running", 1, 2), 4);
          routed(failed("t", "retrying", 1, 2), 5);
          routed(finished("t", "ended", 1, 2), 6);
        };
    read.run();
    List<LedgerRow> rows = List.of(row("running"), row("retrying"), row("ended"));
    crash();
    read.run();

    assertThat(runLedger.readRecordsToList().stream().map(told -> LedgerRow.decode(told.value())))
        .containsExactlyElementsOf(rows);
    assertThat(followed).as("of the replay").isEmpty();
  }

  @Test
  void forgetsARunWithAllItsTracesAfterTheRetention() {
    routed(started("t", "r", 1), named(started("t", "r", 1), "planner"), 1);
    runLedger.readRecordsToList();
    driver.advanceWallClockTime(RETENTION.plusMinutes(1));

    assertThat(store().get(LedgerKeys.row("r"))).isNull();
    assertThat(index()).isEmpty();
    assertThat(runLedger.readRecord().value()).isNull();
    assertThat(position()).isEqualTo(new LedgerPosition(1, 1));
  }

  private static Headers named(AgentEvent event, String agent) {
    return event.headers().add(EventHeaders.AGENT, agent.getBytes(UTF_8));
  }

  private void routed(AgentEvent event, long source) {
    routed(event, event.headers(), source);
  }

  private void routed(AgentEvent event, Headers headers, long source) {
    SourcePosition src = new SourcePosition(log.agentEvents(), 0, source);
    headers.add(EventHeaders.SRC, src.toString().getBytes(UTF_8));
    long stamp = STAMP + Math.max(0, source - 100);
    threadEvents.pipeInput(new TestRecord<>(event.key(), event.value(), headers, stamp));
  }

  private LedgerRow row(String run) {
    return LedgerRow.decode(requireNonNull(store().get(LedgerKeys.row(run)), run));
  }

  private LedgerPosition position() {
    return LedgerPosition.decode(requireNonNull(store().get(LedgerKeys.POSITION)));
  }

  private List<String> index() {
    List<String> keys = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> all = store().all()) {
      all.forEachRemaining(entry -> keys.add(entry.key));
    }
    keys.removeIf(key -> !key.matches("(all|thread|agent)/.*"));
    return keys;
  }

  private KeyValueStore<String, byte[]> store() {
    return driver.getKeyValueStore(LedgerTopology.STORE);
  }

  private final class Counts implements LedgerCounts {
    @Override
    public void folded(Verdict verdict) {
      verdicts.add(verdict);
    }

    @Override
    public void unreadable() {
      unreadable++;
    }
  }
}
