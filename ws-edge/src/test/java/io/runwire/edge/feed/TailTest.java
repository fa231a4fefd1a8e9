package io.runwire.edge.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.cursor.LogIdentity;
import io.runwire.edge.hub.WindowEnd;
import io.runwire.edge.hub.Windows;
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

  private Tail tail() {
    answers.add(log.identity);
    try {
      Tail made =
          new Tail(
              log.consumer(heardAtNs::get),
              new RecordDecoder(),
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
