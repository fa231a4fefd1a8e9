package io.runwire.edge.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.edge.feed.LogConsumer.Piece;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** Reading on, elsewhere, and after a rest. */
class LogConsumerTest {
  private static final TopicPartition TP =
      new TopicPartition(Topic.THREAD_EVENTS.topicName(), MockLog.PARTITION);

  private final MockLog log = new MockLog();
  private final LogConsumer consumer = log.consumer();

  @Test
  void readsOnWhereItEndedAndWhereverItIsSent() {
    log.append(150, 1);

    Piece first = read(0);
    Piece second = read(first.next());
    Piece again = read(20);

    assertThat(first.records()).hasSize(100);
    assertThat(second.records()).hasSize(50);
    assertThat(again.records().get(0).offset()).isEqualTo(20);
    assertThat(read(150)).isEqualTo(new Piece(List.of(), 150));
  }

  /** A connection on which something waits to be taken is slow when it is used again. */
  @Test
  void asksForNoMoreOnceItHasSettled() {
    log.append(150, 1);
    read(0);

    consumer.settle();
    consumer.settle();

    assertThat(consumer.kafka().assignment()).isEmpty();
    assertThat(log.recordsRead).as("handed to nobody").hasValue(100);
    assertThat(read(100).records()).hasSize(50);
  }

  @Test
  void settlesThoughItIsWokenUpOrTheLogIsAway() {
    log.append(1, 1);
    read(0);
    log.away(true);
    consumer.wakeup();

    consumer.settle();

    assertThat(consumer.kafka().assignment()).isEmpty();
  }

  private Piece read(long from) {
    return consumer.read(TP, from, Duration.ZERO);
  }
}
