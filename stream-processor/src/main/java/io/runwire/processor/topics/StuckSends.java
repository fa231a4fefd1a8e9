package io.runwire.processor.topics;

import io.runwire.processor.Halt;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;

/**
 * Halts the process where a partition that lacks nothing takes no record of ours: its producer and
 * the broker no longer agree on the next sequence number, and since no delivery ever times out the
 * producer would go on asking for ever. A new process begins with a new producer, and routes again
 * what was not acknowledged.
 *
 * <p>Seen after a broker had stood still and its partitions had moved (KAFKA-14359 describes such a
 * loop). Time is counted in looks, so that a pause of this process is none of the partition's.
 *
 * <p>Owned by the thread of its {@link LogWatch}.
 */
final class StuckSends {
  /** Looks, a second apart, without an answer: longer than a partition takes to get a leader. */
  static final int STUCK_AFTER = 10;

  /** What was seen of a partition in which records wait. */
  private record Silence(long answers, int looks) {}

  private final Unacknowledged unacknowledged;
  private final Halt halt;
  private Map<TopicPartition, Silence> silences = new HashMap<>();

  StuckSends(Unacknowledged unacknowledged, Halt halt) {
    this.unacknowledged = unacknowledged;
    this.halt = halt;
  }

  /** Looks once; returns the partitions of which it wants to know whether they lack something. */
  Set<TopicPartition> look() {
    Map<TopicPartition, Silence> now = new HashMap<>();
    unacknowledged
        .answers()
        .forEach(
            (partition, answers) -> {
              Silence before = silences.get(partition);
              int looks = before != null && before.answers() == answers ? before.looks() + 1 : 0;
              now.put(partition, new Silence(answers, looks));
            });
    silences = now;
    return now.entrySet().stream()
        .filter(partition -> partition.getValue().looks() >= STUCK_AFTER)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  /** Halts where one of them lacks nothing; the others begin anew. */
  void judge(Set<TopicPartition> silent, Map<String, TopicDescription> topics) {
    Set<String> stuck = new TreeSet<>();
    for (TopicPartition partition : silent) {
      if (lacksNothing(partition, Optional.ofNullable(topics.get(partition.topic())))) {
        stuck.add(partition.toString());
      } else {
        silences.remove(partition);
      }
    }
    if (!stuck.isEmpty()) {
      halt.halt(
          "nothing is acknowledged by " + String.join(", ", stuck) + ", which lack nothing",
          new OutOfOrderSequenceException("presumably: see the broker's log"));
    }
  }

  private static boolean lacksNothing(TopicPartition partition, Optional<TopicDescription> topic) {
    return topic.stream()
            .flatMap(description -> description.partitions().stream())
            .filter(info -> partition.partition() < 0 || info.partition() == partition.partition())
            .allMatch(InSync::whole)
        && topic.isPresent();
  }
}
