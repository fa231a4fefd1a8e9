package io.runwire.producer.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.runwire.producer.log.RunLane;
import io.runwire.producer.log.RunLane.Admission;
import io.runwire.producer.log.RunLane.Settlement;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

final class KafkaLogTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final MockProducer<byte[], byte[]> kafka =
      new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
  private final KafkaLog log = KafkaLog.over(kafka, 1 << 20, 1 << 20);

  @Test
  void closingWaitsUntilEverythingIsSettled() {
    RunLane lane = log.open(Lanes.ATTEMPT, Lanes.LEASE);
    lane.append(Lanes.events(1, 1));
    lane.close();
    await().until(() -> kafka.completeNext());

    assertThat(log.close(LONG)).isTrue();
    assertThat(kafka.closed()).isTrue();
    assertThat(log.metrics().settled()).isEqualTo(1);
  }

  @Test
  void closingTellsWhatItLeftUnsettled() {
    RunLane lane = log.open(Lanes.ATTEMPT, Lanes.LEASE);
    lane.append(Lanes.events(1, 1));

    assertThat(log.close(Duration.ofMillis(10))).isFalse();
    assertThat(kafka.closed()).isTrue();
    assertThat(lane.awaitSettled(LONG)).isEqualTo(Settlement.FAILED);
    assertThat(lane.append(Lanes.events(2, 2))).isEqualTo(Admission.FAILED);
  }

  @Test
  void brokersThatCannotBeReachedBlockNoAgent() {
    KafkaLog away =
        KafkaLog.connect(KafkaLogConfig.of("localhost:1", Map.of("max.block.ms", "100")));
    RunLane lane = away.open(Lanes.ATTEMPT, Lanes.LEASE);

    assertThat(lane.offer(Lanes.events(1, 100), Duration.ZERO)).isEqualTo(Admission.TAKEN);
    await().until(() -> away.metrics().sendErrors() > 1);
    assertThat(lane.awaitSettled(Duration.ZERO)).isEqualTo(Settlement.UNSETTLED);
    assertThat(away.close(Duration.ZERO)).isFalse();
  }
}
