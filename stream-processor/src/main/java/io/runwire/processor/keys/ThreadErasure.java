package io.runwire.processor.keys;

import io.runwire.event.SourcePosition;
import io.runwire.seal.KeyFollower;
import io.runwire.seal.KeyName;
import io.runwire.seal.KeyRecord;
import io.runwire.seal.KeyRing;
import io.runwire.seal.ThreadKeys.Wrapped;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/**
 * Erases what was written to a thread up to now, by destroying its keys.
 *
 * <p>First the position is appended up to which agent-events is erased, then every key that stands
 * before that record is destroyed. A router seals a record before that position either by a key
 * from before, which is destroyed, or by one from behind it, and then has read of the erasure and
 * writes nothing of the value. So nothing that an agent wrote before is readable after, whether it
 * was routed by then or not; and what is written later has a key of its own.
 */
public final class ThreadErasure {
  private static final Duration READ_WITHIN = Duration.ofMinutes(2);

  private final Map<String, Object> kafka;

  /**
   * @param kafka settings of the clients, {@code bootstrap.servers} among them
   */
  public ThreadErasure(Map<String, Object> kafka) {
    this.kafka = new HashMap<>(kafka);
  }

  /** Payloads are not encrypted here: there are no keys to destroy. */
  public static final class NotEncryptedException extends Exception {
    NotEncryptedException() {
      super("there is no topic thread-keys: payload encryption is not on, nothing can be erased");
    }
  }

  /** The keys that a thread has now. */
  public List<KeyName> keys(String thread)
      throws NotEncryptedException, ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(kafka)) {
      return ring(partitions(admin)).of(thread).keys().stream().map(Wrapped::name).toList();
    }
  }

  /**
   * Erases; to be repeated where it fails.
   *
   * @return the keys that it destroyed
   * @throws io.runwire.seal.KeysUnavailableException if thread-keys cannot be read or written
   */
  public List<KeyName> erase(String thread)
      throws NotEncryptedException, ExecutionException, InterruptedException {
    try (Admin admin = Admin.create(kafka);
        Producer<byte[], byte[]> producer = KeyClients.producer(kafka)) {
      int partitions = partitions(admin);
      int partition = new KeyRing(partitions).partition(thread);
      long erased =
          KeyClients.append(
              producer,
              partition,
              KeyRecord.erasedKey(thread),
              KeyRecord.erasedValue(end(admin, partition)));
      List<KeyName> before =
          ring(partitions).of(thread).keys().stream()
              .filter(key -> key.offset() < erased)
              .map(Wrapped::name)
              .toList();
      for (KeyName name : before) {
        var unused = KeyClients.append(producer, partition, name.recordKey(), null);
      }
      return before;
    }
  }

  /** thread-keys as it is now. */
  private KeyRing ring(int partitions) {
    KeyRing ring = new KeyRing(partitions);
    try (Consumer<byte[], byte[]> consumer = KeyClients.consumer(kafka)) {
      new KeyFollower(consumer, partitions, ring, System::nanoTime).load(READ_WITHIN);
    }
    return ring;
  }

  private static int partitions(Admin admin)
      throws NotEncryptedException, ExecutionException, InterruptedException {
    try {
      return describe(admin, Topic.THREAD_KEYS).partitions().size();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        throw new NotEncryptedException();
      }
      throw e;
    }
  }

  private static SourcePosition end(Admin admin, int partition)
      throws ExecutionException, InterruptedException {
    TopicPartition tp = new TopicPartition(Topic.AGENT_EVENTS.topicName(), partition);
    long end =
        admin.listOffsets(Map.of(tp, OffsetSpec.latest())).partitionResult(tp).get().offset();
    return new SourcePosition(describe(admin, Topic.AGENT_EVENTS).topicId(), partition, end);
  }

  private static TopicDescription describe(Admin admin, Topic topic)
      throws ExecutionException, InterruptedException {
    String name = topic.topicName();
    return Objects.requireNonNull(
            admin.describeTopics(List.of(name)).topicNameValues().get(name), "asked for")
        .get();
  }
}
