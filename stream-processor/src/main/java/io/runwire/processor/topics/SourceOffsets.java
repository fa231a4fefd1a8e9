package io.runwire.processor.topics;

import io.runwire.topic.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a group of the processor's stands in its source. Kafka's own reset of offsets is switched
 * off, since it would skip or repeat without a word: the first time the group is put at the start
 * of the logs, here; ever after, a position that is missing or not in the log stops the start.
 */
public final class SourceOffsets {
  private final Admin admin;
  private final String group;
  private final String changelog;
  private final List<TopicPartition> sources;

  /**
   * @param group that reads
   * @param source what it reads
   * @param store that it keeps
   * @param n partitions of the log
   */
  public SourceOffsets(Admin admin, String group, Topic source, String store, int n) {
    this.admin = admin;
    this.group = group;
    this.changelog = group + "-" + store + "-changelog";
    this.sources =
        IntStream.range(0, n).mapToObj(p -> new TopicPartition(source.topicName(), p)).toList();
  }

  /**
   * Puts a group that never ran at the start of the logs; checks any other.
   *
   * @throws PositionLostException if what the group has not read cannot be read any more
   */
  public void settle() {
    Map<TopicPartition, OffsetAndMetadata> committed = committed();
    if (committed.isEmpty() && !hasRunBefore()) {
      putAtStart();
    } else {
      check(committed);
    }
  }

  private void putAtStart() {
    Map<TopicPartition, OffsetAndMetadata> start = new HashMap<>();
    ListOffsetsResult earliest = offsets(OffsetSpec.earliest());
    for (TopicPartition source : sources) {
      start.put(source, new OffsetAndMetadata(offset(earliest, source)));
    }
    Answer.of(admin.alterConsumerGroupOffsets(group, start).all());
  }

  private void check(Map<TopicPartition, OffsetAndMetadata> committed) {
    ListOffsetsResult earliest = offsets(OffsetSpec.earliest());
    ListOffsetsResult latest = offsets(OffsetSpec.latest());
    List<String> lost = new ArrayList<>();
    for (TopicPartition source : sources) {
      OffsetAndMetadata position = committed.get(source);
      long start = offset(earliest, source);
      long end = offset(latest, source);
      if (position == null) {
        lost.add(source + ": no position, though group " + group + " has run before");
      } else if (position.offset() < start) {
        lost.add(
            source
                + ": position "
                + position.offset()
                + " (expected: >= "
                + start
                + ", where the log starts): "
                + (start - position.offset())
                + " records expired before they were read");
      } else if (position.offset() > end) {
        lost.add(
            source
                + ": position "
                + position.offset()
                + " (expected: <= "
                + end
                + ", where the log ends): the log was truncated or created again");
      }
    }
    if (!lost.isEmpty()) {
      throw new PositionLostException(group, lost);
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> committed() {
    Map<TopicPartition, OffsetAndMetadata> committed =
        new HashMap<>(
            Answer.of(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(group)));
    committed.keySet().retainAll(sources);
    committed.values().removeIf(position -> position == null);
    return committed;
  }

  /** Whether Kafka Streams has made a changelog for the group's store. */
  private boolean hasRunBefore() {
    return Answer.of(admin.listTopics().names()).contains(changelog);
  }

  private ListOffsetsResult offsets(OffsetSpec which) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    sources.forEach(source -> asked.put(source, which));
    return admin.listOffsets(asked);
  }

  private static long offset(ListOffsetsResult answers, TopicPartition source) {
    return Answer.of(answers.partitionResult(source)).offset();
  }
}
