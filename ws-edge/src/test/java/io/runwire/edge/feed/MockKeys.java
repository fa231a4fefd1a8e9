package io.runwire.edge.feed;

import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** One partition of thread-keys without a broker. Thread-safe. */
final class MockKeys {
  private static final TopicPartition TP = new TopicPartition(Topic.THREAD_KEYS.topicName(), 0);

  private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
  private final AtomicInteger endsAsked = new AtomicInteger();
  private boolean held;
  private boolean away;

  @SuppressWarnings("NullAway") // a record without a value destroys a key
  synchronized void append(byte[] key, byte @Nullable [] value) {
    records.add(new ConsumerRecord<>(TP.topic(), 0, records.size(), key, value));
    notifyAll();
  }

  /** The follower reads nothing from now on. */
  synchronized void hold() {
    held = true;
  }

  synchronized void goOn() {
    held = false;
    notifyAll();
  }

  /** Nobody can tell where the topic ends. */
  synchronized void away(boolean isAway) {
    away = isAway;
  }

  /** Where it ends, as brokers tell it. */
  synchronized CompletionStage<OffsetAndMetadata> end(TopicPartition asked) {
    if (away) {
      return CompletableFuture.failedStage(new KafkaException("away"));
    }
    endsAsked.incrementAndGet();
    return CompletableFuture.completedStage(new OffsetAndMetadata(records.size()));
  }

  int endsAsked() {
    return endsAsked.get();
  }

  Consumer<byte[], byte[]> consumer() {
    return new Reader();
  }

  private synchronized List<ConsumerRecord<byte[], byte[]>> from(long offset, Duration patience)
      throws InterruptedException {
    if (held || records.size() == offset) {
      wait(Math.max(1, Math.min(50, patience.toMillis())));
    }
    return held ? List.of() : List.copyOf(records.subList((int) offset, records.size()));
  }

  private final class Reader extends MockConsumer<byte[], byte[]> {
    Reader() {
      super("none");
    }

    @Override
    public void seekToBeginning(Collection<TopicPartition> partitions) {
      seek(TP, 0);
    }

    @Override
    public Map<TopicPartition, Long> endOffsets(
        Collection<TopicPartition> partitions, Duration timeout) {
      return Map.of(TP, (long) records.size());
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration patience) {
      try {
        List<ConsumerRecord<byte[], byte[]>> found = from(position(TP), patience);
        seek(TP, position(TP) + found.size());
        return new ConsumerRecords<>(found.isEmpty() ? Map.of() : Map.of(TP, found), Map.of());
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }
}
