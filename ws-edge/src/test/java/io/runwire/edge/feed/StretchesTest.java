package io.runwire.edge.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runwire.cursor.LogIdentity;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

/** History, too, shows nothing before it is known to be of the log that was asked for. */
class StretchesTest {
  private static final long RECENT_BYTES = 1 << 20;

  private final MockLog log = new MockLog();
  private final LogIdentity another = new LogIdentity(Uuid.randomUuid(), Uuid.randomUuid(), 8);
  private final AtomicLong heardAtNs = new AtomicLong(System.nanoTime());
  private final LogConsumer consumer = log.consumer(heardAtNs::get);
  private final Queue<LogIdentity> answers = new ArrayDeque<>();

  @Test
  void whatIsReadAfterTheTopicsWereCreatedAgainIsHandedToNobodyAndNotKept() {
    log.append("t");
    Stretches stretches = stretches(log.identity);
    heardAtNs.set(System.nanoTime());
    answers.add(another);

    assertThatThrownBy(() -> stretches.at(consumer, MockLog.PARTITION, 0))
        .isInstanceOf(KafkaException.class)
        .hasMessageContaining("created again");

    assertThat(stretches.recordsRead()).isZero();
    assertThat(stretches.at(consumer, MockLog.PARTITION, 0))
        .as("asked again, of the log as it is now")
        .hasValueSatisfying(stretch -> assertThat(stretch.log()).isEqualTo(another));
  }

  @Test
  void whatWasReadUnderTheSameTopicsIsKept() {
    log.append("t");
    Stretches stretches = stretches(log.identity);

    assertThat(stretches.at(consumer, MockLog.PARTITION, 0)).isPresent();
    assertThat(stretches.at(consumer, MockLog.PARTITION, 0)).isPresent();

    assertThat(log.recordsRead).hasValue(1);
  }

  private Stretches stretches(LogIdentity first) {
    answers.add(first);
    return MockLog.stretches(RECENT_BYTES, answers::remove);
  }
}
