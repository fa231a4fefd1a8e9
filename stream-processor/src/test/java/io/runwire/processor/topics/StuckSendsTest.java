package io.runwire.processor.topics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;

class StuckSendsTest {
  private static final Node ONE = new Node(1, "kafka", 1);
  private static final Node TWO = new Node(2, "kafka", 2);

  private final Unacknowledged unacknowledged = new Unacknowledged();
  private final List<String> halts = new ArrayList<>();
  private final StuckSends sends = new StuckSends(unacknowledged, (why, cause) -> halts.add(why));

  @Test
  void haltsWhereASoundPartitionTakesNothing() {
    unacknowledged.sent("log", 0);
    unacknowledged.sent("log", 0);
    assertThat(looks(StuckSends.STUCK_AFTER)).isEmpty();

    sends.judge(sends.look(), topic(List.of(ONE, TWO)));

    assertThat(halts).containsExactly("nothing is acknowledged by log-0, which lack nothing");
  }

  @Test
  void waitsForAPartitionThatLacksAReplica() {
    unacknowledged.sent("log", 0);
    looks(StuckSends.STUCK_AFTER);
    sends.judge(sends.look(), topic(List.of(ONE)));

    assertThat(halts).isEmpty();
    assertThat(looks(StuckSends.STUCK_AFTER)).as("it begins anew").isEmpty();
    assertThat(sends.look()).containsExactly(new TopicPartition("log", 0));
  }

  @Test
  void waitsForATopicThatCannotBeDescribed() {
    unacknowledged.sent("log", 0);
    looks(StuckSends.STUCK_AFTER);
    sends.judge(sends.look(), Map.of());

    assertThat(halts).isEmpty();
  }

  @Test
  void anAnswerIsASignOfLife() {
    for (int i = 0; i < 3 * StuckSends.STUCK_AFTER; i++) {
      unacknowledged.sent("log", 0);
      unacknowledged.sent("log", 0);
      unacknowledged.answered("log", 0);
      assertThat(sends.look()).isEmpty();
    }
  }

  @Test
  void aNewRecordAtEachLookIsNoneThatHasWaited() {
    for (int i = 0; i < 3 * StuckSends.STUCK_AFTER; i++) {
      unacknowledged.sent("log", 0);
      assertThat(sends.look()).isEmpty();
      unacknowledged.answered("log", 0);
    }
  }

  @Test
  void nothingIsStuckWhereNothingWaits() {
    unacknowledged.sent("log", 0);
    unacknowledged.answered("log", 0);
    assertThat(looks(3 * StuckSends.STUCK_AFTER)).isEmpty();
  }

  @Test
  void countsWhatTheProducerPlacesByItsTopic() {
    unacknowledged.sent("log", -1);
    unacknowledged.sent("log", -1);
    unacknowledged.answered("log", 3);
    looks(StuckSends.STUCK_AFTER);
    assertThat(sends.look()).containsExactly(new TopicPartition("log", -1));
    sends.judge(Set.of(new TopicPartition("log", -1)), topic(List.of(ONE, TWO)));
    assertThat(halts).hasSize(1);
  }

  private Set<TopicPartition> looks(int times) {
    Set<TopicPartition> last = Set.of();
    for (int i = 0; i < times; i++) {
      last = sends.look();
    }
    return last;
  }

  private static Map<String, TopicDescription> topic(List<Node> inSync) {
    TopicPartitionInfo partition = new TopicPartitionInfo(0, ONE, List.of(ONE, TWO), inSync);
    return Map.of("log", new TopicDescription("log", false, List.of(partition)));
  }
}
