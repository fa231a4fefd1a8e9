package io.runwire.topic;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TopicCheckTest {
  private static final int N = 8;

  @ParameterizedTest
  @EnumSource
  void findsNothingWrongWithATopicAsItIsCreated(Topic topic) {
    for (short replicas = 1; replicas <= 3; replicas++) {
      NewTopic created = topic.create(N, replicas);

      assertThat(
              TopicCheck.violations(
                  topic,
                  N,
                  description(topic, created.numPartitions(), replicas),
                  config(created.configs())))
          .isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "THREAD_EVENTS   | cleanup.policy                 | compact        | delete",
        "THREAD_EVENTS   | cleanup.policy                 | compact,delete | delete",
        "AGENT_EVENTS    | cleanup.policy                 | compact        | delete",
        "RUN_LEDGER      | cleanup.policy                 | delete         | compact",
        "THREAD_KEYS     | cleanup.policy                 | compact        | compact,delete",
        "THREAD_KEYS     | segment.ms                     | 604800000      | <= 600000",
        "THREAD_KEYS     | max.compaction.lag.ms          | 600001         | <= 600000",
        "THREAD_EVENTS   | unclean.leader.election.enable | true           | false",
        "AGENT_EVENTS    | unclean.leader.election.enable | true           | false",
        "REJECTED_EVENTS | unclean.leader.election.enable | true           | false",
        "AGENT_EVENTS    | message.timestamp.type         | CreateTime     | LogAppendTime",
        "THREAD_EVENTS   | message.timestamp.type         | LogAppendTime  | CreateTime",
        "THREAD_EVENTS   | max.message.bytes              | 1048588        | >= 1114112",
        "AGENT_EVENTS    | max.message.bytes              | 1114111        | >= 1114112"
      })
  void namesASettingThatBreaksAPromise(Topic topic, String key, String found, String expected) {
    assertThat(violations(topic, key, found))
        .containsExactly(
            topic.topicName() + ": " + key + ": " + found + " (expected: " + expected + ")");
  }

  @ParameterizedTest
  @CsvSource({
    "THREAD_EVENTS, retention.ms, -1",
    "THREAD_EVENTS, max.message.bytes, 10000000",
    "THREAD_EVENTS, segment.bytes, 1000000",
    "RUN_LEDGER, message.timestamp.type, LogAppendTime"
  })
  void leavesWhatIsAMatterOfSizeOrTasteAlone(Topic topic, String key, String found) {
    assertThat(violations(topic, key, found)).isEmpty();
  }

  @Test
  void findsNothingWrongWithHowLongTheLogIsKeptAsItIsCreated() {
    AuditPeriod period = new AuditPeriod(Duration.ofDays(30));

    assertThat(
            TopicCheck.tooShort(
                period,
                config(Topic.THREAD_EVENTS.create(N, (short) 3, period).configs()),
                config(Topic.AUDIT_CHECKPOINTS.create(N, (short) 3, period).configs())))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"2592000000, 2592000000", "2592000001, -1", "-1, -1"})
  void mayKeepTheLogForLonger(String log, String checkpoints) {
    assertThat(kept(log, "-1", checkpoints)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2591999999 | -1   | -1         | thread-events: retention.ms: 2591999999 (expected: >= 2592000000, audit.retention.ms)",
        "0          | -1   | 0          | thread-events: retention.ms: 0 (expected: >= 2592000000, audit.retention.ms)",
        "2592000000 | 1000 | 2592000000 | thread-events: retention.bytes: 1000 (expected: -1)",
        "2600000000 | -1   | 2599999999 | audit-checkpoints: retention.ms: 2599999999 (expected: >= thread-events' 2600000000)",
        "-1         | -1   | 2600000000 | audit-checkpoints: retention.ms: 2600000000 (expected: -1, as thread-events)"
      })
  void namesARetentionThatTheAuditCannotBear(
      String log, String logBytes, String checkpoints, String expected) {
    assertThat(kept(log, logBytes, checkpoints)).containsExactly(expected);
  }

  private static List<String> kept(String logMs, String logBytes, String checkpointsMs) {
    return TopicCheck.tooShort(
        new AuditPeriod(Duration.ofDays(30)),
        config(Map.of("retention.ms", logMs, "retention.bytes", logBytes)),
        config(Map.of("retention.ms", checkpointsMs, "retention.bytes", "-1")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2592000000 | 6912000000 | ",
        "2592000000 | -1         | ",
        "-1         | -1         | ",
        "2592000000 | 6911999999 | thread-keys: retention.ms: 6911999999 (expected: >= 6912000000, thread-events' and 50 days)",
        "-1         | 6912000000 | thread-keys: retention.ms: 6912000000 (expected: -1, as thread-events)"
      })
  void aKeyOutlivesTheLastRecordThatItMayHaveSealed(String log, String keys, String expected) {
    assertThat(
            TopicCheck.keysTooShort(
                config(Map.of("retention.ms", log)), config(Map.of("retention.ms", keys))))
        .isEqualTo(expected == null ? List.of() : List.of(expected));
  }

  @Test
  void isNeededOnlyWherePayloadsAreEncryptedIfItHoldsTheirKeys() {
    assertThat(Topic.needed(false)).doesNotContain(Topic.THREAD_KEYS).hasSize(6);
    assertThat(Topic.needed(true)).containsExactly(Topic.values());
  }

  @ParameterizedTest
  @CsvSource({"AGENT_EVENTS, 7", "THREAD_EVENTS, 9", "RUN_LEDGER, 4"})
  void namesAnotherNumberOfPartitions(Topic topic, int partitions) {
    assertThat(
            TopicCheck.violations(
                topic,
                N,
                description(topic, partitions, 3),
                config(topic.create(N, (short) 3).configs())))
        .containsExactly(topic.topicName() + ": partitions: " + partitions + " (expected: 8)");
  }

  @Test
  void namesAReplicationThatNoAcknowledgementCouldSatisfy() {
    assertThat(
            TopicCheck.violations(
                Topic.THREAD_EVENTS,
                N,
                description(Topic.THREAD_EVENTS, N, 1),
                config(Topic.THREAD_EVENTS.create(N, (short) 3).configs())))
        .containsExactly(
            "thread-events: replication factor: 1 (expected: >= min.insync.replicas 2)");
  }

  @Test
  void namesEverythingThatIsWrongAtOnce() {
    Map<String, String> settings =
        new TreeMap<>(Topic.THREAD_EVENTS.create(N, (short) 3).configs());
    settings.put("cleanup.policy", "compact");
    settings.put("unclean.leader.election.enable", "true");
    settings.remove("message.timestamp.type");

    assertThat(
            TopicCheck.violations(
                Topic.THREAD_EVENTS, N, description(Topic.THREAD_EVENTS, 3, 1), config(settings)))
        .containsExactly(
            "thread-events: partitions: 3 (expected: 8)",
            "thread-events: cleanup.policy: compact (expected: delete)",
            "thread-events: unclean.leader.election.enable: true (expected: false)",
            "thread-events: message.timestamp.type:  (expected: CreateTime)",
            "thread-events: replication factor: 1 (expected: >= min.insync.replicas 2)");
  }

  private static List<String> violations(Topic topic, String key, String found) {
    Map<String, String> settings = new TreeMap<>(topic.create(N, (short) 3).configs());
    settings.put(key, found);
    return TopicCheck.violations(
        topic, N, description(topic, topic.partitions(N), 3), config(settings));
  }

  private static TopicDescription description(Topic topic, int partitions, int replicas) {
    List<Node> nodes =
        IntStream.range(0, replicas).mapToObj(id -> new Node(id, "broker", 9092)).toList();
    return new TopicDescription(
        topic.topicName(),
        false,
        IntStream.range(0, partitions)
            .mapToObj(p -> new TopicPartitionInfo(p, nodes.get(0), nodes, nodes))
            .toList());
  }

  private static Config config(Map<String, String> settings) {
    return new Config(
        settings.entrySet().stream()
            .map(setting -> new ConfigEntry(setting.getKey(), setting.getValue()))
            .toList());
  }
}
