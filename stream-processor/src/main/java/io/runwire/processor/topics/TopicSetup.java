package io.runwire.processor.topics;

import io.runwire.cursor.LogIdentity;
import io.runwire.topic.AuditPeriod;
import io.runwire.topic.Topic;
import io.runwire.topic.TopicCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates Runwire's topics, and checks that they are what they must be. */
public final class TopicSetup {
  private static final Duration VISIBLE_WITHIN = Duration.ofSeconds(10);
  private static final Duration LOOK_AGAIN_AFTER = Duration.ofMillis(50);

  private TopicSetup() {}

  /**
   * {@link #ensure(Admin, int, short, AuditPeriod, boolean)} of an unencrypted log, where nobody
   * says for how long.
   */
  public static CheckedTopics ensure(Admin admin, int n, short replicationFactor) {
    return ensure(admin, n, replicationFactor, AuditPeriod.DEFAULT, false);
  }

  /**
   * Creates what is missing and checks all. Changes no topic that exists.
   *
   * @param n partitions of the log
   * @param period for which the log is kept, at least
   * @param sealed whether payloads are encrypted
   * @throws TopicsDoNotFitException if a topic existed and is otherwise than it must be
   */
  public static CheckedTopics ensure(
      Admin admin, int n, short replicationFactor, AuditPeriod period, boolean sealed) {
    List<KafkaFuture<Void>> created =
        Topic.needed(sealed).stream()
            .map(topic -> topic.create(n, replicationFactor, period))
            .map(topic -> admin.createTopics(List.of(topic)).all())
            .toList();
    for (KafkaFuture<Void> one : created) {
      try {
        Answer.of(one);
      } catch (TopicExistsException fine) {
        // Whether it fits is checked below.
      }
    }
    awaitVisible(admin, Topic.needed(sealed));
    return check(admin, n, period, sealed);
  }

  /**
   * Checks all topics that are needed.
   *
   * @param n partitions of the log
   * @param period for which the log is to be kept, at least
   * @param sealed whether payloads are encrypted
   * @throws TopicsDoNotFitException if one is missing or otherwise than it must be
   */
  public static CheckedTopics check(Admin admin, int n, AuditPeriod period, boolean sealed) {
    Map<Topic, TopicDescription> found = describe(admin, Topic.needed(sealed));
    Map<Topic, Config> configs = configs(admin, found.keySet());
    List<String> violations = new ArrayList<>();
    for (Topic topic : Topic.needed(sealed)) {
      TopicDescription description = found.get(topic);
      Config config = configs.get(topic);
      if (description == null || config == null) {
        violations.add(
            topic.topicName()
                + ": absent (expected: a topic of "
                + topic.partitions(n)
                + " partitions)");
      } else {
        violations.addAll(TopicCheck.violations(topic, n, description, config));
      }
    }
    Config log = configs.get(Topic.THREAD_EVENTS);
    Config checkpoints = configs.get(Topic.AUDIT_CHECKPOINTS);
    if (log != null && checkpoints != null) {
      violations.addAll(TopicCheck.tooShort(period, log, checkpoints));
    }
    Config keys = configs.get(Topic.THREAD_KEYS);
    if (log != null && keys != null) {
      violations.addAll(TopicCheck.keysTooShort(log, keys));
    }
    TopicDescription threadEvents = found.get(Topic.THREAD_EVENTS);
    TopicDescription agentEvents = found.get(Topic.AGENT_EVENTS);
    if (!violations.isEmpty() || threadEvents == null || agentEvents == null) {
      throw new TopicsDoNotFitException(violations);
    }
    return new CheckedTopics(
        new LogIdentity(threadEvents.topicId(), agentEvents.topicId(), n),
        threadEvents.partitions().get(0).replicas().size());
  }

  /** After which time thread-keys closes a segment. */
  public static Duration keySegment(Admin admin) {
    ConfigEntry segment = config(admin, Topic.THREAD_KEYS).get(TopicConfig.SEGMENT_MS_CONFIG);
    return Duration.ofMillis(Long.parseLong(segment.value()));
  }

  private static Map<Topic, TopicDescription> describe(Admin admin, Set<Topic> topics) {
    Map<Topic, TopicDescription> found = new EnumMap<>(Topic.class);
    for (Topic topic : topics) {
      try {
        Answer.of(admin.describeTopics(List.of(topic.topicName())).allTopicNames())
            .values()
            .forEach(description -> found.put(topic, description));
      } catch (UnknownTopicOrPartitionException absent) {
        // Not among those found, then.
      }
    }
    return found;
  }

  private static Map<Topic, Config> configs(Admin admin, Set<Topic> topics) {
    Map<Topic, Config> configs = new EnumMap<>(Topic.class);
    topics.forEach(topic -> configs.put(topic, config(admin, topic)));
    return configs;
  }

  private static Config config(Admin admin, Topic topic) {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.topicName());
    return Answer.of(admin.describeConfigs(List.of(resource)).all()).values().iterator().next();
  }

  /** A topic exists as soon as the controller has it; brokers hear of it a moment later. */
  private static void awaitVisible(Admin admin, Set<Topic> topics) {
    long deadlineNs = System.nanoTime() + VISIBLE_WITHIN.toNanos();
    while (describe(admin, topics).size() < topics.size()) {
      if (System.nanoTime() > deadlineNs) {
        throw new TimeoutException("topics created, but not visible after " + VISIBLE_WITHIN);
      }
      try {
        Thread.sleep(LOOK_AGAIN_AFTER.toMillis());
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      }
    }
  }
}
