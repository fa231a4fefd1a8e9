package io.runwire.processor;

import static io.runwire.processor.AgentEvent.content;
import static io.runwire.processor.AgentEvent.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.runwire.processor.topics.CheckedTopics;
import io.runwire.processor.topics.PositionLostException;
import io.runwire.processor.topics.TopicSetup;
import io.runwire.processor.topics.TopicsDoNotFitException;
import io.runwire.topic.AuditPeriod;
import io.runwire.topic.Topic;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigOp.OpType;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a processor refuses to start with, or to go on with, on a real broker. */
class RefusalIT {
  private static final Duration SOON = Duration.ofSeconds(20);

  @SuppressWarnings("NullAway.Init")
  private static TestCluster cluster;

  private final List<String> halts = Collections.synchronizedList(new ArrayList<>());

  @TempDir
  @SuppressWarnings("NullAway.Init")
  Path state;

  @BeforeAll
  static void open() {
    cluster = new TestCluster();
  }

  @AfterAll
  static void close() {
    cluster.close();
  }

  @BeforeEach
  void noTopics() throws Exception {
    delete(Topic.needed(false).toArray(Topic[]::new));
  }

  @Test
  void createsTheTopicsOnceAndLeavesThemAlone() {
    CheckedTopics created = TopicSetup.ensure(cluster.admin, 2, (short) 1);
    assertThat(TopicSetup.ensure(cluster.admin, 2, (short) 1)).isEqualTo(created);
    assertThat(TopicSetup.check(cluster.admin, 2, AuditPeriod.DEFAULT, false)).isEqualTo(created);
  }

  @Test
  void namesEverythingThatIsWrongWithTheTopics() throws Exception {
    cluster
        .admin
        .createTopics(
            List.of(
                new NewTopic("agent-events", 3, (short) 1),
                new NewTopic("thread-events", 2, (short) 1)
                    .configs(Map.of("cleanup.policy", "compact"))))
        .all()
        .get();
    await().atMost(SOON).until(() -> cluster.admin.listTopics().names().get().size() >= 2);

    assertThatThrownBy(() -> start("wrong-topics"))
        .isInstanceOf(TopicsDoNotFitException.class)
        .hasMessageContaining("agent-events: partitions: 3 (expected: 2)")
        .hasMessageContaining(
            "agent-events: message.timestamp.type: CreateTime (expected: LogAppendTime)")
        .hasMessageContaining("thread-events: cleanup.policy: compact (expected: delete)")
        .hasMessageContaining("rejected-events: absent")
        .hasMessageContaining("run-ledger: absent");
  }

  @Test
  void refusesALogThatIsKeptForLessThanTheAuditPeriod() throws Exception {
    TopicSetup.ensure(cluster.admin, 2, (short) 1, new AuditPeriod(Duration.ofDays(30)), false);

    assertThatThrownBy(() -> start("short-audit"))
        .isInstanceOf(TopicsDoNotFitException.class)
        .hasMessageEndingWith(
            "thread-events: retention.ms: 2592000000 (expected: >= 15552000000, audit.retention.ms)");
  }

  @Test
  void refusesCheckpointsThatExpireBeforeTheLog() throws Exception {
    TopicSetup.ensure(cluster.admin, 2, (short) 1);
    alter(Topic.AUDIT_CHECKPOINTS, "retention.ms", "15551999999");

    assertThatThrownBy(() -> start("short-checkpoints"))
        .isInstanceOf(TopicsDoNotFitException.class)
        .hasMessageEndingWith(
            "audit-checkpoints: retention.ms: 15551999999 (expected: >= thread-events' 15552000000)");
  }

  @Test
  void routesWhatWasWrittenBeforeItsFirstStart() throws Exception {
    TopicSetup.ensure(cluster.admin, 2, (short) 1);
    cluster.send(started("t", "r", 1));
    try (RunwireProcessor processor = start("first")) {
      await().atMost(SOON).until(() -> cluster.read(Topic.THREAD_EVENTS).size() == 1);
    }
  }

  @Test
  void takesTheStoresOfAGroupWhoseNameBeginsWithItsOwnForAnothers() throws Exception {
    TopicSetup.ensure(cluster.admin, 2, (short) 1);
    runOnce("twin-2");
    try (RunwireProcessor processor = start("twin")) {
      assertThat(processor.awaitRunning(SOON)).isTrue();
    }
  }

  @Test
  void refusesToSkipWhatExpiredUnread() throws Exception {
    TopicSetup.ensure(cluster.admin, 2, (short) 1);
    runOnce("expired");
    cluster.send(content("t", "r", 1, 2), content("t", "r", 1, 3), content("t", "r", 1, 4));
    TopicPartition home = cluster.home("t");
    cluster.admin.deleteRecords(Map.of(home, RecordsToDelete.beforeOffset(3))).all().get();

    assertThatThrownBy(() -> start("expired"))
        .isInstanceOf(PositionLostException.class)
        .hasMessageContaining(
            home + ": position 1 (expected: >= 3, where the log starts): 2 records expired");
  }

  @Test
  void refusesToReadATopicThatWasCreatedAgain() throws Exception {
    TopicSetup.ensure(cluster.admin, 2, (short) 1);
    runOnce("again");
    delete(Topic.AGENT_EVENTS);
    TopicSetup.ensure(cluster.admin, 2, (short) 1);

    assertThatThrownBy(() -> start("again"))
        .isInstanceOf(PositionLostException.class)
        .hasMessageContaining("agent-events-0: no position, though group again has run before");
  }

  @Test
  void refusesToUseAStoreThatWasBuiltFromATopicOfTheSameName() throws Exception {
    TopicSetup.ensure(cluster.admin, 2, (short) 1);
    runOnce("store");
    delete(Topic.AGENT_EVENTS);
    TopicSetup.ensure(cluster.admin, 2, (short) 1);
    Map<TopicPartition, OffsetAndMetadata> start = new HashMap<>();
    for (int partition = 0; partition < 2; partition++) {
      start.put(new TopicPartition("agent-events", partition), new OffsetAndMetadata(0));
    }
    cluster.admin.alterConsumerGroupOffsets("store", start).all().get();

    try (RunwireProcessor processor = start("store")) {
      await()
          .atMost(SOON)
          .until(() -> halts.stream().anyMatch(why -> why.contains("created again")));
      assertThat(processor.awaitRunning(Duration.ZERO)).isFalse();
    }
  }

  @Test
  void haltsWhenPartitionsAreAddedWhileItRuns() throws Exception {
    for (Topic topic : List.of(Topic.AGENT_EVENTS, Topic.THREAD_EVENTS)) {
      noTopics();
      halts.clear();
      TopicSetup.ensure(cluster.admin, 2, (short) 1);
      try (RunwireProcessor processor = start("grown-" + topic.topicName())) {
        assertThat(processor.awaitRunning(SOON)).isTrue();
        cluster
            .admin
            .createPartitions(Map.of(topic.topicName(), NewPartitions.increaseTo(3)))
            .all()
            .get();
        await()
            .atMost(SOON)
            .until(() -> halted(topic.topicName() + ": partitions: 3 (expected: 2)"));
      }
    }
  }

  @Test
  void haltsWhenATopicIsCreatedAgainWhileItRuns() throws Exception {
    for (Topic topic : List.of(Topic.AGENT_EVENTS, Topic.THREAD_EVENTS)) {
      noTopics();
      halts.clear();
      TopicSetup.ensure(cluster.admin, 2, (short) 1);
      try (RunwireProcessor processor = start("reborn-" + topic.topicName())) {
        assertThat(processor.awaitRunning(SOON)).isTrue();
        delete(topic);
        TopicSetup.ensure(cluster.admin, 2, (short) 1);
        // Kafka Streams may notice first, in words of its own.
        await().atMost(SOON).until(() -> !halts.isEmpty());
      }
    }
  }

  private boolean halted(String why) {
    return halts.stream().anyMatch(halt -> halt.contains(why));
  }

  @Test
  void haltsWhenTheOutputIsRefused() throws Exception {
    TopicSetup.ensure(cluster.admin, 2, (short) 1);
    try (RunwireProcessor processor = start("refused")) {
      assertThat(processor.awaitRunning(SOON)).isTrue();
      alter(Topic.THREAD_EVENTS, "max.message.bytes", "100");

      String lost = "a record for thread-events-" + cluster.home("t").partition() + " was lost";
      AtomicInteger runs = new AtomicInteger();
      await()
          .atMost(SOON)
          .until(
              () -> {
                cluster.send(started("t", "r" + runs.incrementAndGet(), 1));
                return halts.contains(lost);
              });
    }
  }

  private void runOnce(String applicationId) throws Exception {
    cluster.send(started("t", "r", 1));
    try (RunwireProcessor processor = start(applicationId)) {
      await().atMost(SOON).until(() -> cluster.read(Topic.THREAD_EVENTS).size() == 1);
      assertThat(processor.awaitRunning(SOON)).isTrue();
    }
  }

  private RunwireProcessor start(String applicationId) {
    return RunwireProcessor.start(
        cluster.processor(applicationId, state), (why, cause) -> halts.add(why));
  }

  private static void alter(Topic topic, String key, String value) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName());
    AlterConfigOp set = new AlterConfigOp(new ConfigEntry(key, value), OpType.SET);
    cluster.admin.incrementalAlterConfigs(Map.of(resource, List.of(set))).all().get();
  }

  private static void delete(Topic... topics) throws Exception {
    List<String> names = Arrays.stream(topics).map(Topic::topicName).toList();
    List<String> present =
        names.stream().filter(cluster.admin.listTopics().names().get()::contains).toList();
    cluster.admin.deleteTopics(present).all().get();
    await()
        .atMost(SOON)
        .until(() -> Collections.disjoint(cluster.admin.listTopics().names().get(), names));
  }
}
