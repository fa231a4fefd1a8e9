package io.runwire.processor.topics;

import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartitionInfo;

/** What a topic's description says of the replicas that are in sync. */
final class InSync {
  private InSync() {}

  /** Whether every partition has a leader and all its replicas. */
  static boolean whole(TopicDescription topic) {
    return topic.partitions().stream().allMatch(InSync::whole);
  }

  /** Whether a partition has a leader and all its replicas. */
  static boolean whole(TopicPartitionInfo partition) {
    return partition.leader() != null && partition.isr().size() == partition.replicas().size();
  }

  /**
   * The partitions that take a record with {@code acks=all}: those with a leader and as many
   * replicas in sync. Where there are fewer replicas at all, a broker asks for no more than those.
   *
   * @param minimum the topic's {@code min.insync.replicas}
   */
  static Set<Integer> atLeast(int minimum, TopicDescription topic) {
    return topic.partitions().stream()
        .filter(partition -> partition.leader() != null)
        .filter(
            partition -> partition.isr().size() >= Math.min(minimum, partition.replicas().size()))
        .map(TopicPartitionInfo::partition)
        .collect(Collectors.toSet());
  }
}
