package io.runwire.seal;

import static org.assertj.core.api.Assertions.assertThat;

import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class KeyFollowerTest {
  private static final TopicPartition KEYS = new TopicPartition(Topic.THREAD_KEYS.topicName(), 0);

  private final MockConsumer<byte[], byte[]> kafka = new MockConsumer<>("none");
  private final KeyFollower follower = new KeyFollower(kafka, 1, new KeyRing(1), () -> 0);

  @Test
  void tellsOfATroubleOnceAndOfTheNextAgain() {
    kafka.updateBeginningOffsets(Map.of(KEYS, 0L));
    kafka.updateEndOffsets(Map.of(KEYS, 0L));
    follower.load(Duration.ofSeconds(1));
    KafkaException first = new NoOffsetForPartitionException(Set.of(KEYS));
    KafkaException next = new NoOffsetForPartitionException(Set.of(KEYS));
    kafka.schedulePollTask(() -> kafka.setPollException(first));
    kafka.schedulePollTask(() -> kafka.setPollException(first));
    kafka.schedulePollTask(() -> {});
    kafka.schedulePollTask(() -> kafka.setPollException(next));
    kafka.schedulePollTask(follower::close);

    List<KafkaException> told = new ArrayList<>();
    follower.run(
        new KeyFollower.Listener() {
          @Override
          public void destroyed(KeyName name) {}

          @Override
          public void failed(KafkaException why) {
            told.add(why);
          }
        });

    assertThat(told).containsExactly(first, next);
    assertThat(kafka.closed()).isTrue();
  }
}
