package io.runwire.edge.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.cursor.LogIdentity;
import io.runwire.edge.hub.WindowEnd;
import io.runwire.edge.hub.Windows;
import io.runwire.event.Envelope;
import io.runwire.seal.KeysUnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nothing goes into a window before it is known to be of the log that the window shows. */
class TailTest {
  private final MockLog log = new MockLog();
  private final LogIdentity another = new LogIdentity(Uuid.randomUuid(), Uuid.randomUuid(), 8);
  private final Queue<Object> answers = new ConcurrentLinkedQueue<>();
  private final AtomicLong heardAtNs = new AtomicLong(Long.MIN_VALUE / 2);
  private final AtomicInteger reopened = new AtomicInteger();
  private final AtomicInteger unopened = new AtomicInteger();
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
  void whatCannotBeOpenedNowIsReadAgainLaterAndNothingIsLeftOut() {
    unopened.set(3);
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
              opening -> start(opening.iterator().next()),
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

  private static Map<TopicPartition, OffsetAndMetadata> start(TopicPartition tp) {
    return Map.of(tp, new OffsetAndMetadata(0, Optional.of(7), ""));
  }
}
