package io.runwire.producer.kafka;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.runwire.topic.ThreadPartitioner;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.junit.jupiter.api.Test;

class ThreadPlacementTest {
  private static final byte[] VALUE = {};
  private static final Node BROKER = new Node(0, "kafka", 9092);

  private final ThreadPlacement placement = new ThreadPlacement();

  @Test
  void placesAThreadWhereEveryMurmur2PartitionerDoes() {
    for (String thread : List.of("t", "u42.inbox", "a~b:c")) {
      assertThat(place(thread, 64)).isEqualTo(ThreadPartitioner.partition(thread, 64));
    }
  }

  @Test
  void refusesATopicWhosePartitionsHaveBecomeMore() {
    place("t", 8);
    assertThatThrownBy(() -> place("t", 9))
        .isInstanceOf(InvalidTopicException.class)
        .hasMessageContaining("agent-events: partitions: 9 (expected: 8")
        .matches(error -> SendFailure.isFatal((Exception) error), "no repetition cures it");
    assertThat(place("t", 8)).isEqualTo(ThreadPartitioner.partition("t", 8));
  }

  private int place(String thread, int partitions) {
    Node[] replicas = {BROKER};
    List<PartitionInfo> topic =
        IntStream.range(0, partitions)
            .mapToObj(p -> new PartitionInfo("agent-events", p, BROKER, replicas, replicas))
            .toList();
    Cluster cluster = new Cluster("c", List.of(BROKER), topic, Set.of(), Set.of());
    byte[] key = thread.getBytes(UTF_8);
    return placement.partition("agent-events", key, key, VALUE, VALUE, cluster);
  }
}
