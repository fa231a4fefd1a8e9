package io.runwire.edge.feed;

import static java.util.Objects.requireNonNull;

import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;
import io.runwire.edge.hub.LogEntry;
import io.runwire.edge.hub.Windows;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
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

  /** Some four times what the keys are waited for, since all partitions wait with the one. */
  private static final Duration REST = Duration.ofSeconds(2);

  private final LogConsumer source;
  private final Consumer<byte[], byte[]> consumer;
  private final RecordDecoder decoder;
  private final Windows windows;
  private final Incarnation incarnation;
  private final IntConsumer reopened;
  private final BlockingQueue<Runnable> wishes = new LinkedBlockingQueue<>();
  private final Openings openings;

  /**
   * Partitions with a record that could not be opened when it was last tried; when to try again.
   */
  private final Map<TopicPartition, Long> triedAgainNs = new HashMap<>();

  private final AtomicLong bytesRead = new AtomicLong();
  private final Thread thread = new Thread(this::run, "runwire-tail");
  private volatile boolean closing;
  private boolean troubled;

  /** Of the log that the windows show. */
  private LogIdentity shown;

  /**
   * @param end where a partition ends now, and under which epoch
   * @param reopened is told of each partition whose window is opened anew
   */
  Tail(
      LogConsumer source,
      RecordDecoder decoder,
      Windows windows,
      Incarnation incarnation,
      Function<TopicPartition, CompletionStage<OffsetAndMetadata>> end,
      IntConsumer reopened) {
    this.source = source;
    this.consumer = source.kafka();
    this.decoder = decoder;
    this.windows = windows;
    this.incarnation = incarnation;
    this.openings = new Openings(end, () -> wish(() -> {}));
    this.reopened = reopened;
    this.shown = incarnation.now();
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  void attach(int partition) {
    wish(() -> openings.add(topicPartition(partition), System.nanoTime()));
  }

  void detach(int partition) {
    wish(
        () -> {
          TopicPartition tp = topicPartition(partition);
          openings.remove(tp);
          triedAgainNs.remove(tp);
          Set<TopicPartition> left = new HashSet<>(consumer.assignment());
          if (left.remove(tp)) {
            if (left.isEmpty()) {
              source.settle();
            }
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
    goOn();
    ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofNanos(patienceNs()));
    if (records.isEmpty() || !stillShown(records)) {
      return;
    }
    for (TopicPartition tp : records.partitions()) {
      // Not the consumer's position: to tell that may take a while, and may fail, where the leader
      // changes; and these records come no more.
      OffsetAndMetadata next = requireNonNull(records.nextOffsets().get(tp), "no next offset");
      try {
        append(tp, records.records(tp), next.offset());
        triedAgainNs.remove(tp);
      } catch (InterruptException e) {
        throw e; // the thread ends
      } catch (KafkaException e) {
        rest(tp, records.records(tp).get(0).offset(), e);
      }
    }
  }

  /**
   * A record cannot be opened now: its partition is read again from there in a while. The others go
   * on.
   */
  private void rest(TopicPartition tp, long from, KafkaException why) {
    if (triedAgainNs.put(tp, System.nanoTime() + REST.toNanos()) == null) {
      log.warn("{} cannot be shown from {} on, trying again: {}", tp, from, why.toString());
    }
    consumer.seek(tp, from);
    consumer.pause(Set.of(tp));
  }

  /** Ends the rests that are over. */
  private void goOn() {
    long nowNs = System.nanoTime();
    Set<TopicPartition> over = new HashSet<>(consumer.paused());
    over.removeIf(tp -> triedAgainNs.getOrDefault(tp, nowNs) - nowNs > 0);
    consumer.resume(over);
  }

  /** How long to wait for records before something else is due. */
  private long patienceNs() {
    long nowNs = System.nanoTime();
    long untilNs = openings.nextNs(nowNs + POLL.toNanos());
    for (TopicPartition tp : consumer.paused()) {
      long againNs = triedAgainNs.getOrDefault(tp, nowNs);
      untilNs = againNs - untilNs < 0 ? againNs : untilNs;
    }
    return Math.max(0, untilNs - nowNs);
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
    if (!consumer.assignment().isEmpty()) {
      return wishes.poll();
    }
    try {
      return wishes.poll(patienceNs(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  private void append(TopicPartition tp, List<ConsumerRecord<byte[], byte[]>> records, long next) {
    List<LogEntry> entries = new ArrayList<>(records.size());
    for (ConsumerRecord<byte[], byte[]> record : records) {
      decoder.decode(shown, record).ifPresent(entries::add);
      bytesRead.addAndGet(record.serializedKeySize() + record.serializedValueSize());
    }
    int epoch = records.get(records.size() - 1).leaderEpoch().orElse(Cursor.NO_EPOCH);
    windows.append(tp.partition(), entries, next, epoch);
  }

  /** Assigns what is to be opened and has an end that is known. */
  private void open() {
    if (openings.isEmpty()) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> ends = openings.known(System.nanoTime());
    if (ends.isEmpty()) {
      return;
    }
    Set<TopicPartition> all = new HashSet<>(consumer.assignment());
    all.addAll(ends.keySet());
    consumer.assign(all);
    ends.forEach(
        (tp, end) -> {
          triedAgainNs.remove(tp);
          consumer.seek(tp, end);
          windows.open(tp.partition(), end.offset());
        });
  }

  private void reopen(Set<TopicPartition> lost) {
    Set<TopicPartition> affected = new HashSet<>(lost);
    Set<TopicPartition> left = new HashSet<>(consumer.assignment());
    left.removeAll(affected);
    consumer.assign(left);
    for (TopicPartition tp : affected) {
      windows.close(tp.partition());
      reopened.accept(tp.partition());
      openings.add(tp, System.nanoTime());
    }
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
