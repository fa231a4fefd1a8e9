package io.runwire.edge.feed;

import io.runwire.cursor.LogIdentity;
import io.runwire.topic.Topic;
import io.runwire.topic.TopicCheck;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;

/** Asks the brokers which log this is, and whether it is fit to be served. */
final class LogWatch {
  private static final long CHECK_SECONDS = 30;
  private static final int IDENTITY_MS = 5_000;
  private static final int END_MS = 5_000;
  private static final Set<Topic> READ = EnumSet.of(Topic.AGENT_EVENTS, Topic.THREAD_EVENTS);

  private final Admin admin;

  LogWatch(Admin admin) {
    this.admin = admin;
  }

  /** The log's identity now; the tail waits for it. */
  LogIdentity identity() throws ExecutionException, InterruptedException, TimeoutException {
    Map<String, TopicDescription> topics = describe(READ, IDENTITY_MS);
    TopicDescription threadEvents = topics.get(Topic.THREAD_EVENTS.topicName());
    TopicDescription agentEvents = topics.get(Topic.AGENT_EVENTS.topicName());
    if (threadEvents == null || agentEvents == null) {
      throw new IllegalStateException("the brokers described other topics than asked");
    }
    return new LogIdentity(
        threadEvents.topicId(), agentEvents.topicId(), threadEvents.partitions().size());
  }

  /**
   * Where a partition ends now, and under which epoch: a position that carries it cannot be read on
   * from in silence when the log was truncated below it. Fails with what keeps the brokers from
   * telling, after some seconds where the partition has no leader.
   */
  CompletionStage<OffsetAndMetadata> end(TopicPartition partition) {
    return admin
        .listOffsets(
            Map.of(partition, OffsetSpec.latest()), new ListOffsetsOptions().timeoutMs(END_MS))
        .partitionResult(partition)
        .toCompletionStage()
        .thenApply(end -> new OffsetAndMetadata(end.offset(), end.leaderEpoch(), ""));
  }

  /**
   * Refuses topics that cannot keep the promises made on them.
   *
   * @param sealed whether payloads are encrypted
   * @throws ConfigException with one line for each thing that is wrong
   */
  void check(int partitions, boolean sealed)
      throws ExecutionException, InterruptedException, TimeoutException {
    Set<Topic> read = EnumSet.copyOf(READ);
    if (sealed) {
      read.add(Topic.THREAD_KEYS);
    }
    Map<String, TopicDescription> topics =
        describe(read, (int) TimeUnit.SECONDS.toMillis(CHECK_SECONDS));
    List<ConfigResource> resources =
        read.stream()
            .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName()))
            .toList();
    Map<ConfigResource, Config> configs =
        admin.describeConfigs(resources).all().get(CHECK_SECONDS, TimeUnit.SECONDS);
    List<String> violations = new ArrayList<>();
    for (Topic topic : read) {
      TopicDescription description = topics.get(topic.topicName());
      Config config = configs.get(new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName()));
      if (description != null && config != null) {
        violations.addAll(TopicCheck.violations(topic, partitions, description, config));
      }
    }
    if (!violations.isEmpty()) {
      throw new ConfigException("topics do not fit:\n  " + String.join("\n  ", violations));
    }
  }

  private Map<String, TopicDescription> describe(Set<Topic> topics, int deadlineMs)
      throws ExecutionException, InterruptedException, TimeoutException {
    return admin
        .describeTopics(
            topics.stream().map(Topic::topicName).toList(),
            new DescribeTopicsOptions().timeoutMs(deadlineMs))
        .allTopicNames()
        .get(deadlineMs, TimeUnit.MILLISECONDS);
  }
}
