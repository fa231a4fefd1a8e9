package io.runwire.edge.feed;

import io.runwire.cursor.Cursor;
import io.runwire.cursor.LogIdentity;
import io.runwire.edge.hub.HistoryRead;
import io.runwire.edge.hub.LogEntry;
import io.runwire.edge.hub.LogSource.Bounds;
import io.runwire.edge.hub.LogSource.Chunk;
import io.runwire.edge.hub.LogSource.Expired;
import io.runwire.edge.hub.LogSource.Standing;
import io.runwire.edge.hub.LogSource.TooOld;
import io.runwire.edge.hub.LogSource.Truncated;
import io.runwire.edge.hub.LogSource.Within;
import io.runwire.edge.hub.LogUnavailableException;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bounded pool of consumers that answer questions about the log behind the windows. Each task has
 * one consumer to itself and a deadline; tasks beyond the queue are refused, and the subscriptions
 * ask again.
 */
final class HistoryReaders implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HistoryReaders.class);

  private static final int QUEUE = 4_096;

  /** Short: the next task on a consumer waits behind the fetch that the last one left waiting. */
  private static final int FETCH_MAX_WAIT_MS = 5;

  private static final Duration POLL = Duration.ofMillis(100);

  /** How long a position past the end may be a follower's lag rather than a truncation. */
  private static final Duration PAST_END_PATIENCE = Duration.ofSeconds(5);

  private static final Duration PAST_END_POLL = Duration.ofMillis(200);

  private final Duration deadline;
  private final RecordDecoder decoder;
  private final Supplier<LogIdentity> identity;
  private final BlockingQueue<KafkaConsumer<byte[], byte[]>> idle;
  private final ExecutorService threads;

  /**
   * @param readers consumers, and threads, in the pool
   * @param deadline of one task
   */
  HistoryReaders(
      ConsumerFactory consumers,
      RecordDecoder decoder,
      Supplier<LogIdentity> identity,
      int readers,
      Duration deadline) {
    this.decoder = decoder;
    this.identity = identity;
    this.deadline = deadline;
    this.idle = new ArrayBlockingQueue<>(readers);
    for (int i = 0; i < readers; i++) {
      idle.add(consumers.create("runwire-edge-history-" + i, FETCH_MAX_WAIT_MS));
    }
    this.threads =
        new ThreadPoolExecutor(
            readers,
            readers,
            0,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(QUEUE),
            task -> {
              Thread thread = new Thread(task, "runwire-history");
              thread.setDaemon(true);
              return thread;
            });
  }

  CompletionStage<Bounds> bounds(int partition) {
    return submit(
        consumer -> {
          TopicPartition tp = threadEvents(partition);
          long start = consumer.beginningOffsets(List.of(tp), deadline).getOrDefault(tp, 0L);
          long end = end(consumer, tp);
          return new Bounds(
              start,
              end,
              end(consumer, new TopicPartition(Topic.AGENT_EVENTS.topicName(), partition)));
        });
  }

  CompletionStage<Standing> locate(
      int partition, long offset, int leaderEpoch, OptionalLong notBeforeMs) {
    return submit(consumer -> standing(consumer, partition, offset, leaderEpoch, notBeforeMs));
  }

  CompletionStage<Chunk> read(HistoryRead read) {
    return submit(consumer -> chunk(consumer, read));
  }

  @Override
  public void close() {
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("a history read did not end in time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    idle.forEach(KafkaConsumer::close);
  }

  private Standing standing(
      KafkaConsumer<byte[], byte[]> consumer,
      int partition,
      long offset,
      int leaderEpoch,
      OptionalLong notBeforeMs) {
    TopicPartition tp = threadEvents(partition);
    long start = consumer.beginningOffsets(List.of(tp), deadline).getOrDefault(tp, 0L);
    if (offset < start) {
      return new Expired(start);
    }
    long end = endAtLeast(consumer, tp, offset);
    if (offset <= end
        && notBeforeMs.isPresent()
        && tooOld(consumer, tp, offset, end, notBeforeMs.getAsLong())) {
      return new TooOld();
    }
    long before = Math.min(offset, end) - 1;
    if (leaderEpoch < 0 || before < start) {
      return offset > end ? new Truncated(end) : new Within();
    }
    int epochThere = epochAt(consumer, tp, before);
    if (offset <= end && epochThere == leaderEpoch) {
      return new Within();
    }
    // An epoch that the log has not come to is forged, or of a log that was set back. It must not
    // reach the consumer, which would wait for a leader of that epoch ever after.
    return new Truncated(
        leaderEpoch > epochThere
            ? before + 1
            : Math.min(before + 1, divergence(consumer, tp, offset, leaderEpoch)));
  }

  /** The end of the partition, after some patience if it lies before the offset. */
  private long endAtLeast(KafkaConsumer<byte[], byte[]> consumer, TopicPartition tp, long offset) {
    long giveUpNs = System.nanoTime() + PAST_END_PATIENCE.toNanos();
    long end = end(consumer, tp);
    while (offset > end && System.nanoTime() < giveUpNs) {
      try {
        TimeUnit.MILLISECONDS.sleep(PAST_END_POLL.toMillis());
      } catch (InterruptedException e) {
        throw new org.apache.kafka.common.errors.InterruptException(e);
      }
      end = end(consumer, tp);
    }
    return end;
  }

  private boolean tooOld(
      KafkaConsumer<byte[], byte[]> consumer,
      TopicPartition tp,
      long offset,
      long end,
      long notBeforeMs) {
    OffsetAndTimestamp first = consumer.offsetsForTimes(Map.of(tp, notBeforeMs), deadline).get(tp);
    return offset < (first == null ? end : first.offset());
  }

  /** The leader epoch of the record at an offset. */
  private int epochAt(KafkaConsumer<byte[], byte[]> consumer, TopicPartition tp, long offset) {
    long giveUpNs = System.nanoTime() + deadline.toNanos();
    try {
      consumer.assign(List.of(tp));
      consumer.seek(tp, offset);
      while (System.nanoTime() < giveUpNs) {
        List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL).records(tp);
        if (!records.isEmpty()) {
          return records.get(0).leaderEpoch().orElse(Cursor.NO_EPOCH);
        }
      }
      throw new KafkaException("nothing could be read within " + deadline);
    } finally {
      consumer.unsubscribe();
    }
  }

  /** Asks the leader where the log left the line of an epoch that it once had. */
  private long divergence(
      KafkaConsumer<byte[], byte[]> consumer, TopicPartition tp, long offset, int leaderEpoch) {
    try {
      consumer.assign(List.of(tp));
      consumer.seek(tp, new OffsetAndMetadata(offset, Optional.of(leaderEpoch), ""));
      consumer.position(tp, deadline);
      // The position is validated by the poll before it may be fetched from.
      consumer.poll(POLL);
      return offset;
    } catch (LogTruncationException e) {
      OffsetAndMetadata diverged = e.divergentOffsets().get(tp);
      return diverged == null ? offset : diverged.offset();
    } catch (OffsetOutOfRangeException e) {
      return offset;
    } finally {
      consumer.unsubscribe();
    }
  }

  private Chunk chunk(KafkaConsumer<byte[], byte[]> consumer, HistoryRead read) {
    int partition = read.partition();
    String thread = read.thread();
    long from = read.from();
    long until = read.until();
    LogIdentity log = identity.get();
    TopicPartition tp = threadEvents(partition);
    List<LogEntry> entries = new ArrayList<>();
    long next = from;
    int epoch = Cursor.NO_EPOCH;
    int bytes = 0;
    try {
      consumer.assign(List.of(tp));
      consumer.seek(tp, from);
      long giveUpNs = System.nanoTime() + deadline.toNanos();
      while (next < until && bytes < read.maxBytes() && System.nanoTime() < giveUpNs) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(tp)) {
          if (record.offset() >= until || bytes >= read.maxBytes()) {
            break;
          }
          Optional<LogEntry> entry =
              decoder.decode(log, record).filter(e -> e.envelope().thread().equals(thread));
          if (entry.isPresent()) {
            entries.add(entry.get());
            bytes += entry.get().frame().size();
          }
          next = record.offset() + 1;
          epoch = record.leaderEpoch().orElse(Cursor.NO_EPOCH);
        }
        if (bytes < read.maxBytes()) {
          next = Math.min(until, Math.max(next, consumer.position(tp, deadline)));
        }
      }
    } finally {
      consumer.unsubscribe();
    }
    if (next == from) {
      throw new KafkaException("nothing could be read within " + deadline);
    }
    return new Chunk(entries, next, epoch);
  }

  private long end(KafkaConsumer<byte[], byte[]> consumer, TopicPartition tp) {
    return consumer.endOffsets(List.of(tp), deadline).getOrDefault(tp, 0L);
  }

  private <T> CompletionStage<T> submit(Function<KafkaConsumer<byte[], byte[]>, T> task) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    try {
      threads.execute(
          () -> {
            try {
              answer.complete(withConsumer(task));
            } catch (KafkaException e) {
              answer.completeExceptionally(
                  new LogUnavailableException(String.valueOf(e.getMessage()), e));
            } catch (InterruptedException | RuntimeException e) {
              answer.completeExceptionally(e);
            }
          });
    } catch (RejectedExecutionException e) {
      answer.completeExceptionally(new LogUnavailableException("history readers are busy", e));
    }
    return answer;
  }

  private <T> T withConsumer(Function<KafkaConsumer<byte[], byte[]>, T> task)
      throws InterruptedException {
    KafkaConsumer<byte[], byte[]> consumer = idle.take();
    try {
      return task.apply(consumer);
    } finally {
      idle.add(consumer);
    }
  }

  private static TopicPartition threadEvents(int partition) {
    return new TopicPartition(Topic.THREAD_EVENTS.topicName(), partition);
  }
}
