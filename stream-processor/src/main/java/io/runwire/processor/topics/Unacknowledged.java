package io.runwire.processor.topics;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;

/**
 * Where this process has handed records to Kafka that are not acknowledged. Thread-safe; told of
 * each record twice.
 */
public final class Unacknowledged {
  /** Of a record whose partition the producer is still to choose. */
  private static final int ANY = -1;

  /**
   * A partition.
   *
   * @param records that wait
   * @param answers so far; it only grows while some wait
   */
  private record Waiting(int records, long answers) {}

  private final Map<TopicPartition, Waiting> waiting = new ConcurrentHashMap<>();

  /** A record is on its way; a negative partition where the producer chooses. */
  public void sent(String topic, int partition) {
    waiting.merge(
        new TopicPartition(topic, Math.max(ANY, partition)),
        new Waiting(1, 0),
        (before, one) -> new Waiting(before.records() + 1, before.answers()));
  }

  /** A record was acknowledged, or given up. */
  public void answered(String topic, int partition) {
    TopicPartition chosenByUs = new TopicPartition(topic, partition);
    TopicPartition counted =
        waiting.containsKey(chosenByUs) ? chosenByUs : new TopicPartition(topic, ANY);
    waiting.computeIfPresent(
        counted,
        (where, before) ->
            before.records() == 1 ? null : new Waiting(before.records() - 1, before.answers() + 1));
  }

  /** How many answers each partition has given in which records wait. */
  Map<TopicPartition, Long> answers() {
    Map<TopicPartition, Long> answers = new ConcurrentHashMap<>();
    waiting.forEach((partition, now) -> answers.put(partition, now.answers()));
    return answers;
  }
}
