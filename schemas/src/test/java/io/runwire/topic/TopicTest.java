package io.runwire.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicTest {
  @Test
  void createsTheLogUncompactedWithTheStampsOfItsSource() {
    NewTopic topic = Topic.THREAD_EVENTS.create(64, (short) 3);

    assertThat(topic.name()).isEqualTo("thread-events");
    assertThat(topic.numPartitions()).isEqualTo(64);
    assertThat(topic.replicationFactor()).isEqualTo((short) 3);
    assertThat(topic.configs())
        .isEqualTo(
            Map.of(
                "cleanup.policy", "delete",
                "retention.ms", "15552000000",
                "message.timestamp.type", "CreateTime",
                "message.timestamp.after.max.ms", "9223372036854775807",
                "max.message.bytes", "1114112",
                "min.insync.replicas", "2",
                "unclean.leader.election.enable", "false"));
  }

  @Test
  void createsTheFrontDoorWithStampsOfTheBroker() {
    assertThat(Topic.AGENT_EVENTS.create(64, (short) 3).configs())
        .containsEntry("message.timestamp.type", "LogAppendTime")
        .containsEntry("cleanup.policy", "delete")
        .containsEntry("retention.ms", "86400000");
  }

  @Test
  void keepsTheLogForTheAuditPeriodAndItsCheckpointsForLonger() {
    AuditPeriod period = new AuditPeriod(Duration.ofDays(30));

    assertThat(Topic.THREAD_EVENTS.create(64, (short) 3, period).configs())
        .containsEntry("retention.ms", "2592000000");
    assertThat(Topic.AUDIT_CHECKPOINTS.create(64, (short) 3, period).configs())
        .containsEntry("retention.ms", "4320000000");
    assertThat(Topic.AGENT_EVENTS.create(64, (short) 3, period).configs())
        .containsEntry("retention.ms", "86400000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PT23H59M", "PT0S", "P36501D"})
  void knowsNoAuditPeriodBelowADayOrBeyondACentury(Duration period) {
    assertThatThrownBy(() -> new AuditPeriod(period))
        .hasMessageContaining("audit period: " + period + " (expected: PT24H to ");
  }

  @Test
  void createsTheLedgerCompactedAndWithoutRetention() {
    assertThat(Topic.RUN_LEDGER.create(64, (short) 3).configs())
        .containsEntry("cleanup.policy", "compact")
        .doesNotContainKey("retention.ms");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "3, 2", "5, 4"})
  void bearsTheLossOfOneReplicaWhereThereIsMoreThanOne(short replicas, String minInSync) {
    for (Topic topic : Topic.values()) {
      assertThat(topic.create(8, replicas).configs())
          .containsEntry("min.insync.replicas", minInSync);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "AGENT_EVENTS, agent-events, 64, 8",
    "THREAD_EVENTS, thread-events, 64, 8",
    "RUN_LEDGER, run-ledger, 64, 8",
    "EDGE_DELIVERIES, edge-deliveries, 64, 8",
    "REJECTED_EVENTS, rejected-events, 4, 4"
  })
  void hasThePartitionsOfTheLogIfKeyedByThreadOrRun(Topic topic, String name, int of64, int of8) {
    assertThat(topic.topicName()).isEqualTo(name);
    assertThat(topic.partitions(64)).isEqualTo(of64);
    assertThat(topic.partitions(8)).isEqualTo(of8);
    assertThat(topic.partitions(1)).isEqualTo(1);
  }
}
