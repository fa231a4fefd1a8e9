package io.runwire.edge.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.runwire.edge.hub.HistoryRead;
import io.runwire.edge.hub.LogEntry;
import io.runwire.edge.hub.LogSource.Chunk;
import io.runwire.edge.hub.LogUnavailableException;
import io.runwire.edge.settings.HistorySettings;
import io.runwire.edge.time.ManualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.apache.kafka.common.KafkaException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Reads shared, turns taken, and nothing asked of a log that is away. */
class ReaderPoolTest {
  private static final int AT_ONCE = 1 << 20;
  private static final int OTHER = MockLog.PARTITION + 1;

  private final MockLog log = new MockLog();
  private final ManualClock clock = new ManualClock();
  private final AtomicLong nowNs = new AtomicLong(1);
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private ReaderPool pool = pool(4, 0);

  @AfterEach
  void stop() {
    pool.close();
  }

  @Test
  void aThousandWhoComeBackToOnePartitionCostOneReadOfIt() {
    IntStream.range(0, 20_000).forEach(i -> log.append("t" + i % 1_000));
    List<CompletableFuture<Chunk>> chunks =
        IntStream.range(0, 1_000)
            .mapToObj(i -> pool.read(read("u" + i, "t" + i, i * 7, AT_ONCE)))
            .toList();
    pool.start();

    for (int i = 0; i < chunks.size(); i++) {
      Chunk chunk = await(chunks.get(i));
      assertThat(chunk.next()).isEqualTo(20_000);
      assertThat(chunk.entries())
          .extracting(LogEntry::offset)
          .containsExactlyElementsOf(offsets(i, i * 7));
    }
    assertThat(log.recordsRead.get()).isEqualTo(20_000);
  }

  @Test
  void whatWasReadAMomentAgoIsNotReadAgainForTheNextChunk() {
    pool = pool(4, 64 << 20);
    IntStream.range(0, 5_000).forEach(i -> log.append("t"));
    pool.start();

    long next = 0;
    List<Long> seen = new ArrayList<>();
    while (next < 5_000) {
      Chunk chunk = await(pool.read(read("u", "t", next, 2_000)));
      assertThat(chunk.next()).isGreaterThan(next);
      assertThat(chunk.leaderEpoch()).isEqualTo(7);
      chunk.entries().forEach(entry -> seen.add(entry.offset()));
      next = chunk.next();
    }

    assertThat(seen).hasSize(5_000).isSorted().doesNotHaveDuplicates();
    assertThat(log.recordsRead.get()).isEqualTo(5_000);
  }

  @Test
  void aChunkMovesThePositionEvenWhereNothingMatched() {
    IntStream.range(0, 500).forEach(i -> log.append("other"));
    pool.start();

    Chunk chunk = await(pool.read(read("u", "t", 10, AT_ONCE)));

    assertThat(chunk.entries()).isEmpty();
    assertThat(chunk.next()).isEqualTo(500);
    assertThat(chunk.leaderEpoch()).isEqualTo(7);
  }

  @Test
  void oneEventAlwaysFitsAndAChunkEndsBeforeItIsTooLarge() {
    IntStream.range(0, 10).forEach(i -> log.append("t"));
    pool.start();

    Chunk one = await(pool.read(read("u", "t", 0, 1)));
    int size = one.entries().get(0).frame().size();
    Chunk two = await(pool.read(read("u", "t", 0, 2 * size + size / 2)));

    assertThat(one.entries()).hasSize(1);
    assertThat(one.next()).isEqualTo(1);
    assertThat(two.entries()).hasSize(2);
    assertThat(two.next()).isEqualTo(2);
  }

  @Test
  void whoStandsBelowTheLogIsToldAndTheOthersReadOn() {
    IntStream.range(0, 500).forEach(i -> log.append("t"));
    log.expire(100);
    CompletionStage<Chunk> gone = pool.read(read("a", "t", 20, AT_ONCE));
    CompletionStage<Chunk> there = pool.read(read("b", "t", 100, AT_ONCE));
    pool.start();

    assertThat(await(there).entries()).hasSize(400);
    assertUnavailable(gone);
  }

  @Test
  void questionsDoNotWaitBehindScans() {
    pool = pool(2, 0);
    log.append("t");
    log.append(4, "t");
    log.hold();
    CompletionStage<Chunk> one = pool.read(new HistoryRead("u", 3, "t", 0, 1, AT_ONCE));
    CompletionStage<Chunk> other = pool.read(new HistoryRead("v", 4, "t", 0, 1, AT_ONCE));
    pool.start();
    Awaitility.await().until(() -> pool.utilisation() == 0.5);

    String answer = await(pool.ask(OTHER, consumer -> "answer"));

    assertThat(answer).isEqualTo("answer");
    assertThat(pool.waiting()).as("the last consumer is not for scans").isEqualTo(1);
    log.goOn();
    assertThat(await(one).entries()).hasSize(1);
    assertThat(await(other).entries()).hasSize(1);
  }

  @Test
  void aReaderHasOneScanAtATime() {
    log.append("t");
    log.append(4, "t");
    log.hold();
    CompletionStage<Chunk> one = pool.read(new HistoryRead("u", 3, "t", 0, 1, AT_ONCE));
    CompletionStage<Chunk> other = pool.read(new HistoryRead("u", 4, "t", 0, 1, AT_ONCE));
    pool.start();
    Awaitility.await().until(() -> pool.utilisation() == 0.25);

    String answer = await(pool.ask(OTHER, consumer -> "others are served"));

    assertThat(answer).isEqualTo("others are served");
    assertThat(pool.waiting()).isEqualTo(1);
    log.goOn();
    await(one);
    await(other);
  }

  @Test
  void theBreakerOpensAfterFiveFailuresInARowAndRefusesAtOnceUntilAProbeSucceeds() {
    log.append("t");
    log.away(true);
    pool.start();
    for (int i = 0; i < 5; i++) {
      assertUnavailable(pool.read(read("u", "t", 0, AT_ONCE)));
    }
    awaitRefusal();

    log.away(false);
    assertUnavailable(pool.read(read("u", "t", 0, AT_ONCE)));
    clock.advance(Duration.ofMillis(2_001));

    assertThat(await(pool.read(read("u", "t", 0, AT_ONCE))).entries()).hasSize(1);
  }

  @Test
  void aProbeThatFailsKeepsTheBreakerOpen() {
    pool.start();
    for (int i = 0; i < 5; i++) {
      assertUnavailable(pool.ask(MockLog.PARTITION, ReaderPoolTest::failing));
    }
    awaitRefusal();
    clock.advance(Duration.ofMillis(2_001));

    assertUnavailable(pool.ask(MockLog.PARTITION, ReaderPoolTest::failing));

    assertUnavailable(pool.ask(MockLog.PARTITION, consumer -> "not asked"));
  }

  @Test
  void partitionsThatFailTakeHalfOfTheReadersAndOpenNoBreakerButTheirOwn() throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    pool.start();
    List<CompletionStage<String>> failing = new ArrayList<>();
    for (int partition = 0; partition < 4; partition++) {
      int lost = partition;
      assertUnavailable(pool.ask(lost, ReaderPoolTest::failing));
      IntStream.range(0, 5)
          .forEach(i -> failing.add(pool.ask(lost, consumer -> failingWhen(held))));
    }
    Awaitility.await().until(() -> pool.utilisation() == 0.5);

    assertThat(othersAreServed()).isTrue();
    assertThat(pool.utilisation()).as("the other half is for others").isLessThanOrEqualTo(0.75);

    held.countDown();
    failing.forEach(ReaderPoolTest::assertUnavailable);
    for (int partition = 0; partition < 4; partition++) {
      assertUnavailable(pool.ask(partition, consumer -> "not asked"));
    }
    assertThat(othersAreServed()).isTrue();
  }

  @Test
  void whatIsNotWantedAnyMoreIsNotReadAndKeepsNobodyOut() {
    log.append("t");
    List<CompletableFuture<Chunk>> reads =
        IntStream.range(0, 2_000).mapToObj(i -> pool.read(read("u" + i, "t", 0, AT_ONCE))).toList();
    assertThat(pool.waiting()).isEqualTo(2_000);

    reads.forEach(read -> read.cancel(false));

    assertThat(pool.waiting()).isZero();
    pool.start();
    assertThat(await(pool.read(read("late", "t", 0, AT_ONCE))).entries()).hasSize(1);
  }

  @Test
  void whatIsCancelledWhileItIsReadDoesNotComeBack() {
    log.append("t");
    log.hold();
    CompletableFuture<Chunk> beyond =
        pool.read(new HistoryRead("u", MockLog.PARTITION, "t", 0, 1_000_000, AT_ONCE));
    pool.start();
    Awaitility.await().until(() -> pool.utilisation() > 0);

    beyond.cancel(false);
    log.goOn();

    Awaitility.await().until(() -> pool.utilisation() == 0);
    assertThat(pool.waiting()).isZero();
  }

  @Test
  void aReaderThatEndsForAnErrorAnswersAndShows() {
    pool.start();
    assertThat(pool.alive()).isTrue();

    CompletionStage<String> answer =
        pool.ask(
            OTHER,
            consumer -> {
              throw new NoClassDefFoundError("a test");
            });

    assertUnavailable(answer);
    Awaitility.await().until(() -> !pool.alive());
    assertThat(othersAreServed()).isTrue();
  }

  @Test
  void whatWaitsTooLongIsRefusedAndCounted() {
    CompletionStage<Chunk> read = pool.read(read("u", "t", 0, AT_ONCE));
    CompletionStage<String> question = pool.ask(OTHER, consumer -> "never");
    nowNs.addAndGet(Duration.ofSeconds(10).toNanos());
    pool.expire();
    assertThat(read.toCompletableFuture()).as("not yet").isNotDone();

    nowNs.addAndGet(1);
    pool.expire();

    assertUnavailable(read);
    assertUnavailable(question);
    assertThat(refused("waited")).isEqualTo(2);
    assertThat(pool.waiting()).isZero();
  }

  @Test
  void aFullQueueRefuses() {
    IntStream.range(0, 2_000).forEach(i -> pool.read(read("u" + i, "t", 0, AT_ONCE)));

    assertUnavailable(pool.read(read("late", "t", 0, AT_ONCE)));

    assertThat(refused("queue")).isEqualTo(1);
    assertThat(pool.waiting()).isEqualTo(2_000);
  }

  private static String failing(LogConsumer consumer) {
    throw new KafkaException("away");
  }

  private boolean othersAreServed() {
    boolean served = await(pool.ask(OTHER, consumer -> true));
    return served;
  }

  private static String failingWhen(CountDownLatch held) {
    try {
      held.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    throw new KafkaException("away");
  }

  /** Until the pool has counted the last failure: it answers before it does. */
  private void awaitRefusal() {
    double before = refused("breaker");
    Awaitility.await()
        .until(
            () -> {
              var unused = pool.ask(MockLog.PARTITION, ReaderPoolTest::failing);
              return refused("breaker") > before;
            });
  }

  private double refused(String why) {
    return registry.get("runwire.edge.history.refused").tag("why", why).counter().count();
  }

  private ReaderPool pool(int readers, long recentBytes) {
    HistorySettings settings =
        new HistorySettings(
            readers,
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            2_000,
            1 << 20,
            recentBytes,
            Long.MAX_VALUE,
            5,
            Duration.ofSeconds(2));
    return new ReaderPool(
        settings,
        log::consumer,
        log.stretches(recentBytes),
        new Breakers(settings, clock),
        HistoryReaders.scans(readers),
        new HistoryMeters(registry),
        nowNs::get);
  }

  private HistoryRead read(String reader, String thread, long from, int maxBytes) {
    return new HistoryRead(reader, MockLog.PARTITION, thread, from, log.end(), maxBytes);
  }

  private static List<Long> offsets(int thread, long from) {
    return IntStream.range(0, 20)
        .mapToLong(round -> round * 1_000L + thread)
        .filter(offset -> offset >= from)
        .boxed()
        .toList();
  }

  private static <T> T await(CompletionStage<T> stage) {
    return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  private static void assertUnavailable(CompletionStage<?> stage) {
    CompletableFuture<?> answer = stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS);
    assertThatThrownBy(answer::join).hasCauseInstanceOf(LogUnavailableException.class);
  }
}
