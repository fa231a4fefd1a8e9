package io.runwire.edge.feed;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Partitions that are to be read, from where they end now. That is asked of each on its own and
 * nobody waits for it: one without a leader keeps no other. Belongs to the tail's thread.
 */
final class Openings {
  private static final Logger log = LoggerFactory.getLogger(Openings.class);

  private static final Duration ASK_AGAIN = Duration.ofMillis(500);

  private static final class Opening {
    @Nullable CompletableFuture<OffsetAndMetadata> answer;
    long askAtNs;
    boolean failed;

    Opening(long askAtNs) {
      this.askAtNs = askAtNs;
    }
  }

  private final Function<TopicPartition, CompletionStage<OffsetAndMetadata>> end;
  private final Runnable answered;
  private final Map<TopicPartition, Opening> waiting = new LinkedHashMap<>();

  /**
   * @param end where a partition ends now, and under which epoch
   * @param answered is called, by any thread, when {@link #known} may know more
   */
  Openings(Function<TopicPartition, CompletionStage<OffsetAndMetadata>> end, Runnable answered) {
    this.end = end;
    this.answered = answered;
  }

  void add(TopicPartition partition, long nowNs) {
    waiting.putIfAbsent(partition, new Opening(nowNs));
  }

  void remove(TopicPartition partition) {
    waiting.remove(partition);
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Asks what is due to be asked; takes out those of which the end is known. */
  Map<TopicPartition, OffsetAndMetadata> known(long nowNs) {
    Map<TopicPartition, OffsetAndMetadata> known = new HashMap<>();
    waiting.forEach(
        (partition, opening) -> {
          CompletableFuture<OffsetAndMetadata> answer = opening.answer;
          if (answer == null) {
            if (opening.askAtNs - nowNs <= 0) {
              ask(partition, opening);
            }
          } else if (answer.isCompletedExceptionally()) {
            failed(partition, opening, answer);
            opening.answer = null;
            opening.askAtNs = nowNs + ASK_AGAIN.toNanos();
          } else if (answer.isDone()) {
            known.put(partition, answer.join());
          }
        });
    waiting.keySet().removeAll(known.keySet());
    return known;
  }

  /** When the next question is due, if there is one. */
  long nextNs(long otherwiseNs) {
    long next = otherwiseNs;
    for (Opening opening : waiting.values()) {
      if (opening.answer == null && opening.askAtNs - next < 0) {
        next = opening.askAtNs;
      }
    }
    return next;
  }

  private void ask(TopicPartition partition, Opening opening) {
    CompletableFuture<OffsetAndMetadata> answer = end.apply(partition).toCompletableFuture();
    opening.answer = answer;
    var unused = answer.whenComplete((offset, failure) -> answered.run());
  }

  /** Warns of the first: the others have the same cause. */
  private void failed(
      TopicPartition partition, Opening opening, CompletableFuture<OffsetAndMetadata> answer) {
    if (waiting.values().stream().noneMatch(other -> other.failed)) {
      log.warn("where {} ends cannot be told, asking again: {}", partition, cause(answer));
    }
    opening.failed = true;
  }

  private static String cause(CompletableFuture<OffsetAndMetadata> answer) {
    return answer
        .handle(
            (offset, failure) ->
                String.valueOf(
                    failure instanceof CompletionException ? failure.getCause() : failure))
        .join();
  }
}
