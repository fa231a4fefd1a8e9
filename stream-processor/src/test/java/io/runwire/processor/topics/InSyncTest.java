package io.runwire.processor.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InSyncTest {
  private static final Node ONE = new Node(1, "kafka", 1);
  private static final Node TWO = new Node(2, "kafka", 2);
  private static final Node THREE = new Node(3, "kafka", 3);

  private final TopicDescription topic =
      new TopicDescription(
          "log",
          false,
          List.of(
              partition(0, ONE, List.of(ONE, TWO, THREE)),
              partition(1, ONE, List.of(ONE, TWO)),
              partition(2, ONE, List.of(ONE)),
              partition(3, null, List.of(ONE, TWO))));

  @Test
  void aPartitionTakesRecordsWithALeaderAndEnoughReplicasInSync() {
    assertThat(InSync.atLeast(1, topic)).containsExactlyInAnyOrder(0, 1, 2);
    assertThat(InSync.atLeast(2, topic)).containsExactlyInAnyOrder(0, 1);
    assertThat(InSync.atLeast(3, topic)).containsExactly(0);
  }

  @Test
  void noMoreReplicasAreAskedForThanThereAre() {
    assertThat(InSync.atLeast(4, topic)).containsExactly(0);
  }

  @Test
  void aTopicIsWholeWithAllReplicasOfAllPartitions() {
    assertThat(InSync.whole(topic)).isFalse();
    assertThat(
            InSync.whole(
                new TopicDescription("log", false, List.of(partition(0, TWO, List.of(TWO, ONE))))))
        .isFalse();
    assertThat(
            InSync.whole(
                new TopicDescription(
                    "log", false, List.of(partition(0, TWO, List.of(TWO, ONE, THREE))))))
        .isTrue();
  }

  private static TopicPartitionInfo partition(int number, @Nullable Node leader, List<Node> isr) {
    return new TopicPartitionInfo(number, leader, List.of(ONE, TWO, THREE), isr);
  }
}
