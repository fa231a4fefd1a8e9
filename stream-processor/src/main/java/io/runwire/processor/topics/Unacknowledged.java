package io.runwire.processor.topics;

import java.util.HashMap;
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
   * A partition. It is remembered when nothing waits any more: who looks now and then would take a
   * new record for one that has waited since the last look.
   *
   * @param records that wait
   * @param answers so far; it only grows
   */
  private record Waiting(int records, long answers) {
    Waiting sent() {
      return new Waiting(records + 1, answers);
    }

    Waiting answered() {
      return new Waiting(records - 1, answers + 1);
    }
  }

  private static final Waiting NOTHING = new Waiting(0, 0);

  private final Map<TopicPartition, Waiting> waiting = new ConcurrentHashMap<>();

  /** A record is on its way; a negative partition where the producer chooses. */
  public void sent(String topic, int partition) {
    waiting.compute(
        new TopicPartition(topic, Math.max(ANY, partition)),
        (where, before) -> (before == null ? NOTHING : before).sent());
  }

  /** A record was acknowledged, or given up. */
  public void answered(String topic, int partition) {
    TopicPartition chosenByUs = new TopicPartition(topic, partition);
    boolean waits = waiting.getOrDefault(chosenByUs, NOTHING).records() > 0;
    waiting.computeIfPresent(
        waits ? chosenByUs : new TopicPartition(topic, ANY), (where, before) -> before.answered());
  }

  /** How many answers each partition has given in which records wait. */
  Map<TopicPartition, Long> answers() {
    Map<TopicPartition, Long> answers = new HashMap<>();
    waiting.forEach(
        (partition, now) -> {
          if (now.records() > 0) {
            answers.put(partition, now.answers());
          }
        });
    return answers;
  }
}
