package io.runwire.edge.feed;

import io.runwire.cursor.LogIdentity;
import io.runwire.topic.Topic;
import io.runwire.topic.TopicCheck;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;

/** Asks the brokers which log this is, and whether it is fit to be served. */
final class LogWatch {
  private static final long CHECK_SECONDS = 30;
  private static final int IDENTITY_MS = 5_000;
  private static final int ENDS_MS = 5_000;
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
   * Where partitions end now, and under which epoch: a position that carries it cannot be read on
   * from in silence when the log was truncated below it.
   *
   * @throws KafkaException if they cannot be asked now
   */
  Map<TopicPartition, OffsetAndMetadata> ends(Set<TopicPartition> partitions) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions.forEach(tp -> asked.put(tp, OffsetSpec.latest()));
    Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
    try {
      admin
          .listOffsets(asked, new ListOffsetsOptions().timeoutMs(ENDS_MS))
          .all()
          .get(ENDS_MS, TimeUnit.MILLISECONDS)
          .forEach(
              (tp, end) ->
                  ends.put(tp, new OffsetAndMetadata(end.offset(), end.leaderEpoch(), "")));
      return ends;
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("where partitions end cannot be told", e);
    }
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
