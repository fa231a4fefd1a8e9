package io.runwire.edge.feed;

import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;
import io.runwire.edge.hub.LogEntry;
import io.runwire.edge.hub.Windows;
import io.runwire.seal.KeysUnavailableException;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that reads the attached partitions as they grow and fills their windows. It owns its
 * consumer and writes the windows; others hand it the wish to attach or detach.
 *
 * <p>A partition whose position is lost (truncated, expired) is opened again at its end, under a
 * new generation of its window: the subscriptions find that out and locate themselves. Others are
 * not disturbed.
 */
final class Tail implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Tail.class);

  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration ERROR_PAUSE = Duration.ofMillis(500);

  private final LogConsumer source;
  private final Consumer<byte[], byte[]> consumer;
  private final RecordDecoder decoder;
  private final Windows windows;
  private final Incarnation incarnation;
  private final Function<Set<TopicPartition>, Map<TopicPartition, OffsetAndMetadata>> ends;
  private final IntConsumer reopened;
  private final BlockingQueue<Runnable> wishes = new LinkedBlockingQueue<>();
  private final Set<TopicPartition> opening = new HashSet<>();
  private final AtomicLong bytesRead = new AtomicLong();
  private final Thread thread = new Thread(this::run, "runwire-tail");
  private volatile boolean closing;
  private boolean troubled;

  /** Of the log that the windows show. */
  private LogIdentity shown;

  /**
   * @param ends where partitions end now, and under which epoch
   * @param reopened is told of each partition whose window is opened anew
   */
  Tail(
      LogConsumer source,
      RecordDecoder decoder,
      Windows windows,
      Incarnation incarnation,
      Function<Set<TopicPartition>, Map<TopicPartition, OffsetAndMetadata>> ends,
      IntConsumer reopened) {
    this.source = source;
    this.consumer = source.kafka();
    this.decoder = decoder;
    this.windows = windows;
    this.incarnation = incarnation;
    this.ends = ends;
    this.reopened = reopened;
    this.shown = incarnation.now();
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  void attach(int partition) {
    wish(() -> opening.add(topicPartition(partition)));
  }

  void detach(int partition) {
    wish(
        () -> {
          TopicPartition tp = topicPartition(partition);
          opening.remove(tp);
          Set<TopicPartition> left = new HashSet<>(consumer.assignment());
          if (left.remove(tp)) {
            consumer.assign(left);
            windows.close(partition);
          }
        });
  }

  /** Empties the partition's window, if it is attached: readers find what it held in the log. */
  void reload(int partition) {
    wish(
        () -> {
          if (consumer.assignment().contains(topicPartition(partition))) {
            reopen(Set.of(topicPartition(partition)));
          }
        });
  }

  /** Lets the tail look at once whether the log is still the one that it shows. */
  void wakeup() {
    consumer.wakeup();
  }

  /** Bytes of keys and values read so far. */
  long bytesRead() {
    return bytesRead.get();
  }

  boolean alive() {
    return thread.isAlive();
  }

  @Override
  public void close() {
    closing = true;
    consumer.wakeup();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void wish(Runnable wish) {
    wishes.add(wish);
    consumer.wakeup();
  }

  private void run() {
    try (source) {
      while (!closing) {
        try {
          turn();
          troubled = false;
        } catch (WakeupException wish) {
          // Somebody wants something: the next turn looks.
        } catch (OffsetOutOfRangeException e) {
          // Covers LogTruncationException. Names the partitions it concerns.
          log.warn("position lost, reading from the end again: {}", e.getMessage());
          reopen(e.offsetOutOfRangePartitions().keySet());
          lookAtTheLog();
        } catch (InterruptException e) {
          return;
        } catch (KafkaException e) {
          pause(e);
        }
      }
    }
  }

  private void turn() {
    for (Runnable wish = nextWish(); wish != null; wish = wishes.poll()) {
      wish.run();
    }
    if (!incarnation.now().equals(shown)) {
      shown = incarnation.now();
      reopen(consumer.assignment());
    }
    open();
    if (consumer.assignment().isEmpty()) {
      return;
    }
    ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
    if (records.isEmpty() || !stillShown(records)) {
      return;
    }
    @Nullable KafkaException unopened = null;
    for (TopicPartition tp : records.partitions()) {
      try {
        append(tp, records.records(tp));
      } catch (KeysUnavailableException e) {
        consumer.seek(tp, records.records(tp).get(0).offset()); // to be read again, with its keys
        unopened = e;
      }
    }
    if (unopened != null) {
      throw unopened;
    }
  }

  /**
   * Whether the records are of the log that the windows show; the consumer may have gone over to a
   * topic that was created again. Where that cannot be told now, they are read again later.
   */
  private boolean stillShown(ConsumerRecords<byte[], byte[]> records) {
    try {
      return incarnation.confirmed(source.heardAtNs()).equals(shown);
    } catch (KafkaException e) {
      for (TopicPartition tp : records.partitions()) {
        consumer.seek(tp, records.records(tp).get(0).offset());
      }
      throw e;
    }
  }

  /** With nothing attached there is nothing to poll: waits for a wish instead. */
  private @Nullable Runnable nextWish() {
    if (!consumer.assignment().isEmpty() || !opening.isEmpty()) {
      return wishes.poll();
    }
    try {
      return wishes.poll(POLL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private void append(TopicPartition tp, List<ConsumerRecord<byte[], byte[]>> records) {
    List<LogEntry> entries = new ArrayList<>(records.size());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      decoder.decode(shown, record).ifPresent(entries::add);
      bytesRead.addAndGet(record.serializedKeySize() + record.serializedValueSize());
    }
    int epoch = records.get(records.size() - 1).leaderEpoch().orElse(Cursor.NO_EPOCH);
    windows.append(tp.partition(), entries, consumer.position(tp), epoch);
  }

  /** Assigns what is to be opened, at its end. */
  private void open() {
    if (opening.isEmpty()) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> found = ends.apply(Set.copyOf(opening));
    Set<TopicPartition> all = new HashSet<>(consumer.assignment());
    all.addAll(opening);
    consumer.assign(all);
    found.forEach(consumer::seek);
    opening.clear();
    found.forEach((tp, end) -> windows.open(tp.partition(), end.offset()));
  }

  private void reopen(Set<TopicPartition> lost) {
    Set<TopicPartition> affected = new HashSet<>(lost);
    Set<TopicPartition> left = new HashSet<>(consumer.assignment());
    left.removeAll(affected);
    consumer.assign(left);
    for (TopicPartition tp : affected) {
      windows.close(tp.partition());
      reopened.accept(tp.partition());
    }
    opening.addAll(affected);
  }

  /** A position that is lost may be of a log that was deleted. */
  private void lookAtTheLog() {
    try {
      incarnation.look();
    } catch (InterruptException e) {
      closing = true;
    } catch (KafkaException e) {
      pause(e);
    }
  }

  private void pause(KafkaException e) {
    if (!troubled) {
      troubled = true;
      log.warn("Kafka cannot be read, trying again: {}", e.toString());
    }
    try {
      TimeUnit.MILLISECONDS.sleep(ERROR_PAUSE.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      closing = true;
    }
  }

  private static TopicPartition topicPartition(int partition) {
    return new TopicPartition(Topic.THREAD_EVENTS.topicName(), partition);
  }
}
