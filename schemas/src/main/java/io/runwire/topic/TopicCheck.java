package io.runwire.topic;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.TopicConfig;

/** Decides whether a topic, as a broker describes it, can keep the promises made on it. */
public final class TopicCheck {
  private static final long FOREVER = Long.MAX_VALUE;

  private TopicCheck() {}

  /**
   * What is wrong with the topic, one line each with the value found and the one expected; empty if
   * it fits.
   *
   * @param n partitions of the log
   */
  public static List<String> violations(
      Topic topic, int n, TopicDescription description, Config config) {
    List<String> violations = new ArrayList<>();
    int partitions = description.partitions().size();
    if (partitions != topic.partitions(n)) {
      violations.add(line(topic, "partitions", partitions, String.valueOf(topic.partitions(n))));
    }
    expect(violations, topic, config, TopicConfig.CLEANUP_POLICY_CONFIG, topic.cleanup());
    expect(violations, topic, config, TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
    if (topic == Topic.AGENT_EVENTS) {
      expect(violations, topic, config, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime");
    } else if (topic == Topic.THREAD_EVENTS) {
      expect(violations, topic, config, TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "CreateTime");
    }
    if (topic == Topic.THREAD_KEYS) {
      // Or a key that was destroyed would lie on the disk for longer than is said.
      long longestMs = Topic.KEYS_CLEANED_AFTER.toMillis();
      for (String key :
          List.of(TopicConfig.SEGMENT_MS_CONFIG, TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG)) {
        long foundMs = Long.parseLong(value(config, key, Long.toString(FOREVER)));
        if (foundMs > longestMs) {
          violations.add(line(topic, key, foundMs, "<= " + longestMs));
        }
      }
    }
    // A record that fits into one topic must fit into the next, or the router could not go on.
    long maxMessage = Long.parseLong(value(config, TopicConfig.MAX_MESSAGE_BYTES_CONFIG, "0"));
    if (maxMessage < Topic.MAX_MESSAGE_BYTES) {
      violations.add(
          line(
              topic,
              TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
              maxMessage,
              ">= " + Topic.MAX_MESSAGE_BYTES));
    }
    int minIsr = Integer.parseInt(value(config, TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG, "1"));
    int replicas =
        description.partitions().stream().mapToInt(p -> p.replicas().size()).min().orElse(0);
    if (replicas < minIsr) {
      violations.add(
          line(topic, "replication factor", replicas, ">= min.insync.replicas " + minIsr));
    }
    return violations;
  }

  /**
   * What is wrong with how long the log and its checkpoints are kept, as {@link #violations} says
   * it.
   *
   * @param threadEvents as the broker has it
   * @param checkpoints audit-checkpoints, as the broker has it
   */
  public static List<String> tooShort(AuditPeriod period, Config threadEvents, Config checkpoints) {
    List<String> violations = new ArrayList<>();
    long logMs = retentionMs(threadEvents);
    long periodMs = period.atLeast().toMillis();
    if (logMs < periodMs) {
      violations.add(
          line(
              Topic.THREAD_EVENTS,
              TopicConfig.RETENTION_MS_CONFIG,
              logMs,
              ">= " + periodMs + ", audit.retention.ms"));
    }
    long checkpointsMs = retentionMs(checkpoints);
    if (checkpointsMs < logMs) {
      violations.add(
          line(
              Topic.AUDIT_CHECKPOINTS,
              TopicConfig.RETENTION_MS_CONFIG,
              checkpointsMs,
              logMs == FOREVER ? "-1, as thread-events" : ">= thread-events' " + logMs));
    }
    // However young it is, the log would lose its start as soon as somebody writes much.
    unbounded(violations, Topic.THREAD_EVENTS, threadEvents);
    unbounded(violations, Topic.AUDIT_CHECKPOINTS, checkpoints);
    return violations;
  }

  /**
   * What is wrong with how long threads' keys are kept, as {@link #violations} says it.
   *
   * @param threadEvents as the broker has it
   * @param threadKeys as the broker has it
   */
  public static List<String> keysTooShort(Config threadEvents, Config threadKeys) {
    List<String> violations = new ArrayList<>();
    long logMs = retentionMs(threadEvents);
    long keysMs = retentionMs(threadKeys);
    long longerMs = AuditPeriod.KEYS_LONGER.toMillis();
    if (keysMs < (logMs == FOREVER ? FOREVER : logMs + longerMs)) {
      violations.add(
          line(
              Topic.THREAD_KEYS,
              TopicConfig.RETENTION_MS_CONFIG,
              keysMs,
              logMs == FOREVER
                  ? "-1, as thread-events"
                  : ">= " + (logMs + longerMs) + ", thread-events' and 50 days"));
    }
    unbounded(violations, Topic.THREAD_KEYS, threadKeys);
    return violations;
  }

  private static void unbounded(List<String> violations, Topic topic, Config config) {
    String bytes = value(config, TopicConfig.RETENTION_BYTES_CONFIG, "-1");
    if (!bytes.equals("-1")) {
      violations.add(line(topic, TopicConfig.RETENTION_BYTES_CONFIG, bytes, "-1"));
    }
  }

  /** Kafka says −1 where a topic is kept for ever. */
  private static long retentionMs(Config config) {
    long ms = Long.parseLong(value(config, TopicConfig.RETENTION_MS_CONFIG, "0"));
    return ms < 0 ? FOREVER : ms;
  }

  private static void expect(
      List<String> violations, Topic topic, Config config, String key, String expected) {
    String found = value(config, key, "");
    if (!found.equals(expected)) {
      violations.add(line(topic, key, found, expected));
    }
  }

  private static String value(Config config, String key, String otherwise) {
    ConfigEntry entry = config.get(key);
    return entry == null || entry.value() == null ? otherwise : entry.value();
  }

  private static String line(Topic topic, String what, Object found, String expected) {
    return topic.topicName() + ": " + what + ": " + found + " (expected: " + expected + ")";
  }
}
