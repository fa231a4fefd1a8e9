package io.runwire.producer.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runwire.producer.log.RunLane.Admission;
import io.runwire.producer.log.RunLane.Settlement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

final class KafkaLaneTest {
  private static final Duration NOW = Duration.ZERO;
  private static final Duration LONG = Duration.ofSeconds(20);

  private final MockProducer<byte[], byte[]> kafka =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final ManualOwner owner = new ManualOwner();
  private final Counters counters = new Counters();
  private final List<KafkaLane> done = new ArrayList<>();
  private final KafkaLane lane = Lanes.lane(1 << 20, kafka, owner, counters, done);

  @Test
  void sendsInOrderAndSettlesWhatIsAcknowledged() {
    start();
    append(2, 4);

    assertThat(sent()).containsExactly(1L, 2L, 3L, 4L);
    assertThat(lane.awaitSettled(NOW)).isEqualTo(Settlement.UNSETTLED);
    acknowledge(3);
    assertThat(lane.awaitSettled(NOW)).isEqualTo(Settlement.SETTLED);
    assertThat(counters.snapshot(0).settled()).isEqualTo(4);
  }

  @Test
  void sendsTheStartAloneSoThatNoReaderMeetsTheRunWithoutIt() {
    append(1, 3);
    assertThat(sent()).containsExactly(1L);
    kafka.errorNext(new NetworkException("1 did not arrive"));
    owner.advance(LONG);
    assertThat(sent()).containsExactly(1L, 1L);

    acknowledge(1);
    owner.run();

    assertThat(sent()).containsExactly(1L, 1L, 2L, 3L);
  }

  @Test
  void neverCallsKafkaOnTheAgentsThread() {
    assertThat(lane.offer(Lanes.events(1, 3), NOW)).isEqualTo(Admission.TAKEN);

    assertThat(sent()).isEmpty();
  }

  @Test
  void repeatsFromTheLowestUnsettledAcknowledgedOnesToo() {
    start();
    append(2, 5);
    kafka.completeNext(); // 2 is settled
    kafka.errorNext(new NetworkException("3 did not arrive"));
    kafka.completeNext(); // 4 arrived, behind the hole
    owner.advance(LONG);

    assertThat(sent()).containsExactly(1L, 2L, 3L, 4L, 5L, 3L, 4L, 5L);
    assertThat(counters.snapshot(0).settled()).isEqualTo(2);
  }

  @Test
  void repeatsTheSameBytesAndHeaders() {
    append(1, 1);
    kafka.errorNext(new NetworkException("no"));
    owner.advance(LONG);

    assertThat(kafka.history()).hasSize(2);
    assertThat(kafka.history().get(1)).isEqualTo(kafka.history().get(0));
    assertThat(kafka.history().get(1).value()).isEqualTo(Lanes.event(1).value());
  }

  @Test
  void countsNothingThatComesBackFromAnEarlierRound() {
    start();
    append(2, 4);
    kafka.errorNext(new NetworkException("2 did not arrive"));
    owner.advance(LONG); // second round: 2, 3, 4 stand behind the first round's 3 and 4

    acknowledge(2); // the first round's 3 and 4
    assertThat(counters.snapshot(0).settled()).isEqualTo(1);
    kafka.completeNext(); // the second round's 2
    kafka.errorNext(new NetworkException("the second round's 3 did not arrive"));
    owner.advance(LONG);

    assertThat(counters.snapshot(0).settled()).isEqualTo(2);
    assertThat(sent()).containsExactly(1L, 2L, 3L, 4L, 2L, 3L, 4L, 3L, 4L);
  }

  @Test
  void aLateErrorOfAnEarlierRoundStartsNoOther() {
    start();
    append(2, 3);
    kafka.errorNext(new NetworkException("2"));
    owner.advance(LONG);
    kafka.errorNext(new NetworkException("3, of the first round"));
    owner.advance(LONG);

    assertThat(sent()).containsExactly(1L, 2L, 3L, 2L, 3L);
    assertThat(counters.snapshot(0).sendErrors()).isEqualTo(1);
    assertThat(counters.snapshot(0).resent()).isEqualTo(2);
  }

  @Test
  void pausesLongerAfterEachErrorAndShortAgainOnceSomethingArrived() {
    append(1, 1);
    kafka.errorNext(new NetworkException("first"));
    owner.advance(Duration.ofMillis(99));
    assertThat(sent()).hasSize(1);
    owner.advance(Duration.ofMillis(1));
    assertThat(sent()).hasSize(2);
    kafka.errorNext(new NetworkException("second"));
    owner.advance(Duration.ofMillis(199));
    assertThat(sent()).hasSize(2);
    owner.advance(Duration.ofMillis(1));
    assertThat(sent()).hasSize(3);
    kafka.completeNext();
    append(2, 2);
    kafka.errorNext(new NetworkException("third"));
    owner.advance(Duration.ofMillis(100));
    assertThat(sent()).containsExactly(1L, 1L, 1L, 2L, 2L);
  }

  @Test
  void sendsNothingNewDuringThePause() {
    start();
    append(2, 2);
    kafka.errorNext(new NetworkException("no"));
    append(3, 3);
    assertThat(sent()).containsExactly(1L, 2L);

    owner.advance(LONG);

    assertThat(sent()).containsExactly(1L, 2L, 2L, 3L);
  }

  @Test
  void survivesASendThatThrows() {
    start();
    kafka.sendException = new org.apache.kafka.common.errors.TimeoutException("no metadata");
    append(2, 3);
    assertThat(sent()).containsExactly(1L);

    kafka.sendException = null;
    owner.advance(LONG);

    assertThat(sent()).containsExactly(1L, 2L, 3L);
  }

  @Test
  void failsForGoodOnAFatalError() {
    start();
    append(2, 3);
    kafka.errorNext(new TopicAuthorizationException("agent-events"));
    owner.advance(LONG);

    assertThat(sent()).containsExactly(1L, 2L, 3L);
    assertThat(lane.failure()).containsInstanceOf(TopicAuthorizationException.class);
    assertThat(lane.offer(Lanes.events(4, 4), LONG)).isEqualTo(Admission.FAILED);
    assertThat(lane.append(Lanes.events(4, 4))).isEqualTo(Admission.FAILED);
    assertThat(lane.awaitSettled(LONG)).isEqualTo(Settlement.FAILED);
    assertThat(counters.snapshot(0).failedRuns()).isEqualTo(1);
    assertThat(done).containsExactly(lane);
  }

  @Test
  void failsAtOnceWhereTheProducerItselfHasFailed() {
    kafka.sendException =
        new KafkaException(
            "Cannot execute transactional method because we are in an error state",
            new ClusterAuthorizationException("no right to IDEMPOTENT_WRITE"));
    append(1, 1);

    assertThat(lane.failure()).containsSame(kafka.sendException);
    assertThat(lane.awaitSettled(LONG)).isEqualTo(Settlement.FAILED);
    assertThat(counters.snapshot(0).sendErrors()).isEqualTo(1);
  }

  @Test
  void isLostWhenNothingIsAcknowledgedForTheLease() {
    append(1, 1);
    kafka.errorNext(new NetworkException("no"));
    owner.advance(Lanes.LEASE.minusNanos(1));
    assertThat(lane.offer(Lanes.events(2, 2), NOW)).isEqualTo(Admission.TAKEN);
    owner.advance(Duration.ofNanos(1));

    assertThat(lane.offer(Lanes.events(3, 3), NOW)).isEqualTo(Admission.FAILED);
    assertThat(lane.failure()).containsInstanceOf(TimeoutException.class);
  }

  @Test
  void keepsTheLeaseWhileSomethingIsAcknowledged() {
    start();
    append(2, 4);
    owner.advance(Lanes.LEASE.minusNanos(1));
    kafka.completeNext();
    owner.advance(Lanes.LEASE.minusNanos(1));

    assertThat(lane.offer(Lanes.events(5, 5), NOW)).isEqualTo(Admission.TAKEN);
  }

  @Test
  void aSilentAgentHoldsItsLease() {
    start();
    owner.advance(Lanes.LEASE.multipliedBy(2));

    assertThat(lane.offer(Lanes.events(2, 2), NOW)).isEqualTo(Admission.TAKEN);
  }

  @Test
  void takesAllOrNothingWhenTheWindowIsFull() {
    KafkaLane narrow = narrow();
    assertThat(narrow.offer(Lanes.events(1, 2), NOW)).isEqualTo(Admission.TAKEN);

    assertThat(narrow.offer(Lanes.events(3, 4), NOW)).isEqualTo(Admission.NO_ROOM);
    owner.run();
    acknowledge(1);
    owner.run();
    assertThat(sent()).containsExactly(1L, 2L);
    assertThat(counters.snapshot(0).refused()).isEqualTo(1);
  }

  @Test
  void oneAppendAlwaysFitsIntoAnEmptyWindow() {
    assertThat(narrow().offer(Lanes.events(1, 10), NOW)).isEqualTo(Admission.TAKEN);
  }

  @Test
  void whatEndsTheRunNeedsNoRoom() {
    KafkaLane narrow = narrow();
    narrow.offer(Lanes.events(1, 2), NOW);

    assertThat(narrow.append(Lanes.events(3, 3))).isEqualTo(Admission.TAKEN);
  }

  @Test
  void anAppendThatWaitsGoesOnAsSoonAsThereIsRoom() {
    KafkaLane narrow = narrow();
    narrow.offer(Lanes.events(1, 2), NOW);
    owner.run();
    CompletableFuture<Admission> waiting =
        CompletableFuture.supplyAsync(() -> narrow.offer(Lanes.events(3, 3), LONG));
    acknowledge(1);

    assertThat(waiting).succeedsWithin(LONG).isEqualTo(Admission.TAKEN);
  }

  @Test
  void anInterruptEndsAWaitAndStaysSet() throws InterruptedException {
    KafkaLane narrow = narrow();
    narrow.offer(Lanes.events(1, 2), NOW);
    List<Object> seen = new ArrayList<>();
    Thread agent =
        new Thread(
            () -> {
              seen.add(narrow.offer(Lanes.events(3, 4), LONG));
              seen.add(Thread.interrupted());
            });
    agent.start();
    await().until(() -> agent.getState() == Thread.State.TIMED_WAITING);
    agent.interrupt();
    agent.join();

    assertThat(seen).containsExactly(Admission.NO_ROOM, true);
  }

  @Test
  void isDoneOnceItIsClosedAndDrained() {
    append(1, 1);
    lane.close();
    assertThat(done).isEmpty();
    acknowledge(1);

    assertThat(done).containsExactly(lane);
  }

  @Test
  void replacesWhatIsNotOnItsWayYet() {
    KafkaLane narrow = narrow();
    narrow.offer(Lanes.events(1, 2), NOW); // 1 goes alone, 2 waits for it
    assertThat(narrow.isTight()).isTrue();
    owner.run();

    assertThat(narrow.replaceLast(Lanes.event(2))).isTrue();
    assertThat(narrow.replaceLast(Lanes.longEvent(2, 2_000))).as("there is no room").isFalse();
    acknowledge(1);
    owner.run();
    assertThat(narrow.replaceLast(Lanes.event(2))).as("it was sent").isFalse();
    assertThat(sent()).containsExactly(1L, 2L);
    assertThat(counters.snapshot(0).joined()).isEqualTo(1);
  }

  @Test
  void neverReplacesWhatWasSentOnce() {
    start();
    append(2, 2);
    kafka.errorNext(new NetworkException("2 may have arrived"));

    assertThat(lane.replaceLast(Lanes.event(2))).isFalse();
  }

  @Test
  void allRunsTogetherAreBoundedBySpool() {
    Spool spool = new Spool(UnsettledWindow.bytes(Lanes.events(1, 2)));
    KafkaLane one = Lanes.lane(1 << 20, spool, kafka, owner, counters, done);
    KafkaLane other = Lanes.lane(1 << 20, spool, kafka, owner, counters, done);
    assertThat(one.offer(Lanes.events(1, 2), NOW)).isEqualTo(Admission.TAKEN);
    assertThat(other.offer(Lanes.events(1, 1), NOW)).isEqualTo(Admission.NO_ROOM);
    assertThat(other.append(Lanes.events(1, 1))).as("what ends a run").isEqualTo(Admission.TAKEN);
    CompletableFuture<Admission> waiting =
        CompletableFuture.supplyAsync(() -> other.offer(Lanes.events(2, 2), LONG));
    await().until(() -> counters.waited.sum() == 1);

    one.abandon(new IllegalStateException("its agent is gone"));

    assertThat(waiting).succeedsWithin(LONG).isEqualTo(Admission.TAKEN);
    other.abandon(new IllegalStateException("and this one's"));
    assertThat(spool.used()).isZero();
  }

  @Test
  void whatIsSettledLeavesTheSpool() {
    Spool spool = new Spool(1 << 20);
    KafkaLane own = Lanes.lane(1 << 20, spool, kafka, owner, counters, done);
    own.offer(Lanes.events(1, 2), NOW);
    owner.run();
    acknowledge(1);
    own.replaceLast(Lanes.longEvent(2, 100));
    owner.run();
    assertThat(spool.used()).isEqualTo(UnsettledWindow.bytes(Lanes.longEvent(2, 100)));

    acknowledge(1);

    assertThat(spool.used()).isZero();
  }

  @Test
  void onlyAPartOfTheWindowIsOnItsWay() {
    start();
    long some = UnsettledWindow.bytes(Lanes.events(2, 5));
    KafkaLane own = Lanes.lane(4 * some, kafka, owner, counters, done);
    own.offer(Lanes.events(1, 1), NOW);
    owner.run();
    acknowledge(1);
    own.offer(Lanes.events(2, 9), NOW);
    owner.run();
    assertThat(sent()).containsExactly(1L, 1L, 2L, 3L, 4L, 5L);

    acknowledge(1);
    owner.run();

    assertThat(sent()).endsWith(5L, 6L);
  }

  private void start() {
    append(1, 1);
    acknowledge(1);
  }

  /** Has room for two events. */
  private KafkaLane narrow() {
    long twoEvents = Lanes.events(2, 3).stream().mapToLong(UnsettledWindow::bytes).sum();
    return Lanes.lane(twoEvents, kafka, owner, counters, done);
  }

  private void append(long first, long last) {
    assertThat(lane.offer(Lanes.events(first, last), NOW)).isEqualTo(Admission.TAKEN);
    owner.run();
  }

  private void acknowledge(int records) {
    for (int i = 0; i < records; i++) {
      kafka.completeNext();
    }
  }

  private List<Long> sent() {
    return kafka.history().stream().map(Lanes::seq).toList();
  }
}
