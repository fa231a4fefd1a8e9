package io.runwire.deploy.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.runwire.edge.EdgeConfig;
import io.runwire.edge.RunwireEdge;
import io.runwire.topic.Topic;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an edge refuses to serve, on a real broker: each says what, and what was expected. */
class EdgeRefusalIT {
  private static final int PARTITIONS = 2;

  @SuppressWarnings("NullAway.Init")
  private static TestBroker broker;

  @SuppressWarnings("NullAway.Init")
  private static Admin admin;

  @BeforeAll
  static void open() {
    broker = TestBroker.start();
    admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
  }

  @AfterAll
  static void close() {
    admin.close();
    broker.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "thread-events | cleanup.policy=compact"
            + " | thread-events: cleanup.policy: compact (expected: delete)",
        "thread-events | min.insync.replicas=2"
            + " | thread-events: replication factor: 1 (expected: >= min.insync.replicas 2)",
        "thread-events | unclean.leader.election.enable=true"
            + " | thread-events: unclean.leader.election.enable: true (expected: false)",
        "thread-events | message.timestamp.type=LogAppendTime"
            + " | thread-events: message.timestamp.type: LogAppendTime (expected: CreateTime)",
        "agent-events | message.timestamp.type=CreateTime"
            + " | agent-events: message.timestamp.type: CreateTime (expected: LogAppendTime)",
        "agent-events | max.message.bytes=1000"
            + " | agent-events: max.message.bytes: 1000 (expected: >= ",
      })
  void topicsThatCannotKeepThePromises(String topic, String setting, String message)
      throws Exception {
    create(topic, setting);

    assertThatThrownBy(() -> RunwireEdge.start(config(PARTITIONS), Optional.empty()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("topics do not fit:")
        .hasMessageContaining(message);
  }

  @Test
  void anotherNumberOfPartitionsThanTheTopics() throws Exception {
    create("", "");

    assertThatThrownBy(() -> RunwireEdge.start(config(PARTITIONS + 1), Optional.empty()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("thread-events: partitions: 2 (expected: 3)")
        .hasMessageContaining("agent-events: partitions: 2 (expected: 3)");
  }

  @Test
  void butNotTopicsThatFit() throws Exception {
    create("", "");

    try (RunwireEdge edge = RunwireEdge.start(config(PARTITIONS), Optional.empty())) {
      assertThat(edge.port()).isPositive();
    }
  }

  /** Creates the topics anew, one of them with one setting spoiled. */
  private static void create(String spoiled, String setting) throws Exception {
    List<String> old = List.copyOf(admin.listTopics().names().get(20, TimeUnit.SECONDS));
    admin.deleteTopics(old).all().get(20, TimeUnit.SECONDS);
    List<NewTopic> topics =
        List.of(
            topic(Topic.AGENT_EVENTS, spoiled, setting),
            topic(Topic.THREAD_EVENTS, spoiled, setting));
    CreateTopicsResult created = admin.createTopics(topics);
    created.all().get(20, TimeUnit.SECONDS);
    // The broker answers before it knows them itself.
    await()
        .ignoreExceptionsInstanceOf(ExecutionException.class)
        .until(() -> described().equals(idsOf(created, topics)));
  }

  private static Set<Uuid> idsOf(CreateTopicsResult created, List<NewTopic> topics)
      throws Exception {
    Set<Uuid> ids = new HashSet<>();
    for (NewTopic topic : topics) {
      ids.add(created.topicId(topic.name()).get(20, TimeUnit.SECONDS));
    }
    return ids;
  }

  private static Set<Uuid> described() throws Exception {
    List<String> names = List.of(Topic.AGENT_EVENTS.topicName(), Topic.THREAD_EVENTS.topicName());
    return admin.describeTopics(names).allTopicNames().get(20, TimeUnit.SECONDS).values().stream()
        .map(TopicDescription::topicId)
        .collect(Collectors.toSet());
  }

  private static NewTopic topic(Topic topic, String spoiled, String setting) {
    NewTopic sound = topic.create(PARTITIONS, (short) 1);
    if (topic.topicName().equals(spoiled)) {
      Map<String, String> configs = new HashMap<>(sound.configs());
      configs.put(setting.split("=", -1)[0], setting.split("=", -1)[1]);
      sound.configs(configs);
    }
    return sound;
  }

  private static EdgeConfig config(int partitions) {
    return EdgeConfig.of(
        Map.of(
            "bootstrap.servers", broker.bootstrapServers(),
            "partitions", Integer.toString(partitions),
            "http.host", "127.0.0.1",
            "http.port", "0",
            "management.port", "0",
            "token.hs256.secret", "a secret of at least thirty-two bytes",
            "token.issuer", "https://login.example.com"));
  }
}
