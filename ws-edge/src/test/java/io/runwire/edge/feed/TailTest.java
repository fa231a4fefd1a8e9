package io.runwire.edge.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.cursor.LogIdentity;
import io.runwire.edge.hub.WindowEnd;
import io.runwire.edge.hub.Windows;
import io.runwire.event.Envelope;
import io.runwire.seal.KeysUnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nothing goes into a window before it is known to be of the log that the window shows. */
class TailTest {
  private static final int ANOTHER = MockLog.PARTITION + 1;

  private final MockLog log = new MockLog();
  private final LogIdentity another = new LogIdentity(Uuid.randomUuid(), Uuid.randomUuid(), 8);
  private final Queue<Object> answers = new ConcurrentLinkedQueue<>();
  private final AtomicLong heardAtNs = new AtomicLong(Long.MIN_VALUE / 2);
  private final AtomicInteger reopened = new AtomicInteger();
  private final AtomicInteger unopened = new AtomicInteger();
  private final AtomicInteger endsUntold = new AtomicInteger();
  private final CompletableFuture<OffsetAndMetadata> endOfAnother = new CompletableFuture<>();
  private volatile String opened = "{}";
  private final Windows windows = new Windows(8, 1 << 20);
  private final Tail tail = tail();

  @AfterEach
  void stop() {
    tail.close();
  }

  @Test
  void whatIsReadAfterTheTopicsWereCreatedAgainIsNotShownAsTheOldLogs() {
    heardAtNs.set(System.nanoTime());
    answers.add(another);
    log.append("t");
    tail.attach(MockLog.PARTITION);

    Awaitility.await().until(() -> reopened.get() == 1);
    Awaitility.await().until(() -> windows.bytes() > 0);

    assertThat(answers).isEmpty();
  }

  @Test
  void whatCannotBeConfirmedNowIsReadAgainLater() {
    heardAtNs.set(System.nanoTime());
    answers.add(new TimeoutException("the brokers are slow"));
    answers.add(log.identity);
    log.append("t");
    tail.attach(MockLog.PARTITION);

    Awaitility.await().until(() -> windows.bytes() > 0);

    assertThat(answers).isEmpty();
    assertThat(reopened).hasValue(0);
  }

  @Test
  void aPartitionIsOpenedWithTheEpochOfItsEndAndKnowsItFromThenOn() {
    log.append("t");
    tail.attach(MockLog.PARTITION);

    Awaitility.await().until(() -> windows.bytes() > 0);

    assertThat(log.sought).extracting(OffsetAndMetadata::leaderEpoch).contains(Optional.of(7));
    assertThat(WindowEnd.epoch(windows, MockLog.PARTITION)).isEqualTo(7);
  }

  @Test
  void aPartitionWhoseEndIsNotToldKeepsNoOtherAndIsOpenedOnceItIs() {
    log.append("t");
    log.append(ANOTHER, "t");
    tail.attach(ANOTHER);
    tail.attach(MockLog.PARTITION);
    Awaitility.await().until(() -> events().size() == 1);
    assertThat(WindowEnd.events(windows, ANOTHER, "t")).isEmpty();

    endOfAnother.complete(new OffsetAndMetadata(0));

    Awaitility.await().until(() -> WindowEnd.events(windows, ANOTHER, "t").size() == 1);
  }

  @Test
  void anEndThatCouldNotBeToldIsAskedForAgain() {
    endsUntold.set(2);
    log.append("t");
    tail.attach(MockLog.PARTITION);

    Awaitility.await().until(() -> events().size() == 1);
  }

  @Test
  void aPartitionThatIsDetachedBeforeItsEndWasToldIsNotOpened() {
    log.append("t");
    tail.attach(ANOTHER);
    tail.detach(ANOTHER);
    endOfAnother.complete(new OffsetAndMetadata(0));
    tail.attach(MockLog.PARTITION);
    Awaitility.await().until(() -> events().size() == 1);

    assertThat(WindowEnd.isOpen(windows, ANOTHER)).isFalse();
  }

  @Test
  void aRecordThatCannotBeOpenedNowKeepsNoOtherPartition() {
    unopened.set(Integer.MAX_VALUE);
    endOfAnother.complete(new OffsetAndMetadata(0));
    log.appendSealed("t");
    tail.attach(MockLog.PARTITION);
    tail.attach(ANOTHER);
    Awaitility.await().until(() -> unopened.get() < Integer.MAX_VALUE);

    log.append(ANOTHER, "t");
    Awaitility.await().until(() -> WindowEnd.events(windows, ANOTHER, "t").size() == 1);
    assertThat(events()).isEmpty();
    unopened.set(0);

    Awaitility.await().until(() -> events().size() == 1);
  }

  @Test
  void whatCannotBeOpenedNowIsReadAgainLaterAndNothingIsLeftOut() {
    unopened.set(2);
    log.append("t");
    log.appendSealed("t");
    log.append("t");
    tail.attach(MockLog.PARTITION);

    Awaitility.await().until(() -> events().size() == 3);

    assertThat(unopened).hasValue(0);
    assertThat(reopened).hasValue(0);
  }

  @Test
  void aPartitionThatIsReloadedForgetsWhatItHeld() {
    log.appendSealed("t");
    tail.attach(MockLog.PARTITION);
    Awaitility.await().until(() -> events().equals(List.of("{}")));

    opened = "{\"erased\":true}";
    tail.reload(MockLog.PARTITION);

    Awaitility.await().until(() -> events().equals(List.of(opened)));
    assertThat(reopened).hasValue(1);
  }

  @Test
  void aPartitionThatIsNotAttachedIsNotReloaded() {
    log.append("t");
    tail.reload(MockLog.PARTITION + 1);
    tail.attach(MockLog.PARTITION);

    Awaitility.await().until(() -> events().size() == 1);

    assertThat(reopened).hasValue(0);
  }

  private List<String> events() {
    return WindowEnd.events(windows, MockLog.PARTITION, "t");
  }

  private Tail tail() {
    answers.add(log.identity);
    try {
      Tail made =
          new Tail(
              log.consumer(heardAtNs::get),
              new RecordDecoder(this::open),
              windows,
              new Incarnation(this::answer),
              this::end,
              partition -> reopened.incrementAndGet());
      made.start();
      return made;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /** As if the key came late. */
  private byte[] open(Envelope envelope, Header sealed, Headers headers, byte[] value) {
    if (unopened.get() > 0) {
      unopened.decrementAndGet();
      throw new KeysUnavailableException("not yet");
    }
    return opened.getBytes(StandardCharsets.UTF_8);
  }

  private LogIdentity answer() throws TimeoutException {
    Object answer = answers.remove();
    if (answer instanceof TimeoutException slow) {
      throw slow;
    }
    return (LogIdentity) answer;
  }

  private CompletionStage<OffsetAndMetadata> end(TopicPartition tp) {
    if (tp.partition() != MockLog.PARTITION) {
      return endOfAnother;
    }
    return endsUntold.getAndDecrement() > 0
        ? CompletableFuture.failedStage(new KafkaException("no leader"))
        : CompletableFuture.completedStage(new OffsetAndMetadata(0, Optional.of(7), ""));
  }
}
