package io.runwire.topic;

import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/**
 * The topics of Runwire with the settings that their meaning needs.
 *
 * <p>Settings that are a matter of taste or of size (segment sizes, a longer retention) may be
 * changed on the broker; {@link TopicCheck} refuses only what would break a promise.
 */
public enum Topic {
  /** The front door: what agents write. */
  AGENT_EVENTS("agent-events", true, Duration.ofHours(24), TopicConfig.CLEANUP_POLICY_DELETE),

  /** The one truth: what every reader reads. */
  THREAD_EVENTS("thread-events", true, null, TopicConfig.CLEANUP_POLICY_DELETE),

  /** What was refused, with the reason. */
  REJECTED_EVENTS("rejected-events", false, Duration.ofDays(30), TopicConfig.CLEANUP_POLICY_DELETE),

  /** One row per run. */
  RUN_LEDGER("run-ledger", true, null, TopicConfig.CLEANUP_POLICY_COMPACT),

  /** What edges wrote to sockets, what was acknowledged, and what failed after retries. */
  EDGE_DELIVERIES("edge-deliveries", true, Duration.ofDays(30), TopicConfig.CLEANUP_POLICY_DELETE),

  /**
   * What the notary signed of each partition of thread-events, in the partition of the same number.
   * Its records build on each other, so it is not compacted; it outlives what it speaks of.
   */
  AUDIT_CHECKPOINTS("audit-checkpoints", true, null, TopicConfig.CLEANUP_POLICY_DELETE),

  /**
   * Where payloads are encrypted: the key of each thread, wrapped, in the partition of the thread's
   * number. A key is kept for as long as a record may need it, unless it is destroyed before.
   */
  THREAD_KEYS(
      "thread-keys",
      true,
      null,
      TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE);

  /** Partitions of the topics that are not keyed by thread or run. */
  private static final int FEW_PARTITIONS = 4;

  /** Largest record: a value of 1 MiB and its headers. */
  static final int MAX_MESSAGE_BYTES = (1 << 20) + (64 << 10);

  /**
   * Of thread-keys: a segment is closed after this long, and cleaned after as long again, so that a
   * key that was destroyed is soon gone from the disk.
   */
  public static final Duration KEYS_CLEANED_AFTER = Duration.ofMinutes(10);

  /** Of thread-keys: whoever was away for less hears that a key was destroyed. */
  static final Duration DESTROYED_KEYS_NAMED_FOR = Duration.ofDays(7);

  private final String topicName;
  private final boolean partitionedByThread;
  private final @Nullable Duration retention;
  private final String cleanup;

  Topic(
      String topicName, boolean partitionedByThread, @Nullable Duration retention, String cleanup) {
    this.topicName = topicName;
    this.partitionedByThread = partitionedByThread;
    this.retention = retention;
    this.cleanup = cleanup;
  }

  /**
   * The topics that there must be.
   *
   * @param sealed whether payloads are encrypted
   */
  public static Set<Topic> needed(boolean sealed) {
    return sealed ? EnumSet.allOf(Topic.class) : EnumSet.complementOf(EnumSet.of(THREAD_KEYS));
  }

  /** Its name in Kafka. */
  public String topicName() {
    return topicName;
  }

  /** How many partitions it has where the log has {@code n}. */
  public int partitions(int n) {
    return partitionedByThread ? n : Math.min(n, FEW_PARTITIONS);
  }

  /** The topic as it is to be created where nobody says for how long the log is kept. */
  public NewTopic create(int n, short replicationFactor) {
    return create(n, replicationFactor, AuditPeriod.DEFAULT);
  }

  /** The topic as it is to be created. */
  public NewTopic create(int n, short replicationFactor, AuditPeriod period) {
    return new NewTopic(topicName, partitions(n), replicationFactor)
        .configs(settings(replicationFactor, period));
  }

  String cleanup() {
    return cleanup;
  }

  private @Nullable Duration retention(AuditPeriod period) {
    return switch (this) {
      case THREAD_EVENTS -> period.atLeast();
      case AUDIT_CHECKPOINTS -> period.checkpoints();
      case THREAD_KEYS -> period.keys();
      default -> retention;
    };
  }

  private Map<String, String> settings(short replicationFactor, AuditPeriod period) {
    Map<String, String> settings = new TreeMap<>();
    settings.put(TopicConfig.CLEANUP_POLICY_CONFIG, cleanup);
    Duration kept = retention(period);
    if (kept != null) {
      settings.put(TopicConfig.RETENTION_MS_CONFIG, Long.toString(kept.toMillis()));
    }
    settings.put(
        TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG,
        this == AGENT_EVENTS ? "LogAppendTime" : "CreateTime");
    if (this != AGENT_EVENTS) {
      // They carry the stamp of the source record, however far the brokers' clocks are apart.
      settings.put(
          TopicConfig.MESSAGE_TIMESTAMP_AFTER_MAX_MS_CONFIG, Long.toString(Long.MAX_VALUE));
    }
    if (this == THREAD_KEYS) {
      String cleanedAfterMs = Long.toString(KEYS_CLEANED_AFTER.toMillis());
      settings.put(TopicConfig.SEGMENT_MS_CONFIG, cleanedAfterMs);
      settings.put(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG, cleanedAfterMs);
      settings.put(
          TopicConfig.DELETE_RETENTION_MS_CONFIG,
          Long.toString(DESTROYED_KEYS_NAMED_FOR.toMillis()));
    }
    settings.put(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Integer.toString(MAX_MESSAGE_BYTES));
    settings.put(TopicConfig.UNCLEAN_LEADER_ELECTION_ENABLE_CONFIG, "false");
    settings.put(
        TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG,
        Integer.toString(Math.max(1, replicationFactor - 1)));
    return settings;
  }
}
