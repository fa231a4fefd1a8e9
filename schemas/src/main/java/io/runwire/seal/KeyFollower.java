package io.runwire.seal;

import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Reads thread-keys from its start into a {@link KeyRing}, and then follows it. The consumer
 * belongs to the thread that calls; {@link #close} may be called by any.
 */
public final class KeyFollower implements AutoCloseable {
  /** Who wants to know; called on the follower's thread. */
  public interface Listener {
    /** A key that was known has been destroyed. */
    void destroyed(KeyName name);

    /** The topic cannot be read any more; it is tried until it can. */
    void failed(KafkaException why);
  }

  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration LOOK_FOR_EXPIRED_EVERY = Duration.ofHours(1);

  private final Consumer<byte[], byte[]> consumer;
  private final KeyRing ring;
  private final Set<TopicPartition> all;
  private final LongSupplier nanoTime;
  private long lookedNs;
  private boolean troubled;
  private volatile boolean closing;

  /**
   * @param consumer without a group, which resets no offset by itself
   * @param partitions of the log
   */
  public KeyFollower(
      Consumer<byte[], byte[]> consumer, int partitions, KeyRing ring, LongSupplier nanoTime) {
    this.consumer = consumer;
    this.ring = ring;
    this.nanoTime = nanoTime;
    this.lookedNs = nanoTime.getAsLong();
    this.all =
        IntStream.range(0, partitions)
            .mapToObj(p -> new TopicPartition(Topic.THREAD_KEYS.topicName(), p))
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * Reads all that there is.
   *
   * @throws KeysUnavailableException if that takes too long
   */
  public void load(Duration atMost) {
    long deadlineNs = nanoTime.getAsLong() + atMost.toNanos();
    consumer.assign(all);
    consumer.seekToBeginning(all);
    Map<TopicPartition, Long> ends = consumer.endOffsets(all, atMost);
    while (behind(ends)) {
      if (nanoTime.getAsLong() - deadlineNs > 0) {
        throw new KeysUnavailableException("thread-keys was not read within " + atMost);
      }
      take(consumer.poll(POLL), name -> {});
    }
  }

  /** Follows the topic until it is closed; then the consumer is closed, too. */
  public void run(Listener listener) {
    try {
      while (!closing) {
        follow(listener);
      }
    } catch (InterruptException | WakeupException asked) {
      // to end
    } finally {
      consumer.close(CloseOptions.timeout(PAUSE));
    }
  }

  /** Ends {@link #run}. */
  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
  }

  private boolean behind(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
  }

  private void follow(Listener listener) {
    try {
      take(consumer.poll(POLL), listener::destroyed);
      troubled = false;
      if (nanoTime.getAsLong() - lookedNs > LOOK_FOR_EXPIRED_EVERY.toNanos()) {
        lookedNs = nanoTime.getAsLong();
        consumer.beginningOffsets(all).forEach((tp, start) -> ring.begin(tp.partition(), start));
      }
    } catch (InterruptException | WakeupException e) {
      throw e;
    } catch (InvalidOffsetException lost) {
      // Expired, or cut: what is read twice changes nothing.
      tell(listener, lost);
      consumer.seekToBeginning(lost.partitions());
    } catch (KafkaException e) {
      tell(listener, e);
      pause();
    }
  }

  private void tell(Listener listener, KafkaException why) {
    if (!troubled) {
      troubled = true;
      listener.failed(why);
    }
  }

  private void take(
      ConsumerRecords<byte[], byte[]> records, java.util.function.Consumer<KeyName> destroyed) {
    for (ConsumerRecord<byte[], byte[]> record : records) {
      ring.apply(record).ifPresent(destroyed);
    }
    for (TopicPartition tp : all) {
      ring.reached(tp.partition(), consumer.position(tp));
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }
}
