package io.runwire.edge.feed;

import io.runwire.cursor.LogIdentity;
import io.runwire.event.EventHeaders;
import io.runwire.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** thread-events without a broker, and how often what of it was read. */
final class MockLog {
  static final int PARTITION = 3;
  private static final int PER_POLL = 100;

  final LogIdentity identity = new LogIdentity(Uuid.randomUuid(), Uuid.randomUuid(), 8);
  final AtomicInteger recordsRead = new AtomicInteger();

  /** The positions with an epoch that readers went to. */
  final Queue<OffsetAndMetadata> sought = new ConcurrentLinkedQueue<>();

  private final Map<Integer, List<ConsumerRecord<byte[], byte[]>>> records = new HashMap<>();
  private long start;
  private int epoch = 7;
  private boolean away;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  /** Appends a record of a thread. */
  void append(String thread) {
    append(PARTITION, thread);
  }

  void append(int partition, String thread) {
    append(partition, thread, new RecordHeaders());
  }

  /** Appends a record whose value is said to be sealed. */
  void appendSealed(String thread) {
    RecordHeaders headers = new RecordHeaders();
    header(headers, EventHeaders.SEALED, "erased");
    append(PARTITION, thread, headers);
  }

  private synchronized void append(int partition, String thread, RecordHeaders headers) {
    List<ConsumerRecord<byte[], byte[]>> records = of(partition);
    header(headers, EventHeaders.RUN, "run-of-" + thread);
    header(headers, EventHeaders.SEQ, Long.toString(records.size() + 1));
    header(headers, EventHeaders.TYPE, "TEXT_MESSAGE_CONTENT");
    byte[] key = thread.getBytes(StandardCharsets.UTF_8);
    byte[] value = "{\"type\":\"TEXT_MESSAGE_CONTENT\"}".getBytes(StandardCharsets.UTF_8);
    records.add(
        new ConsumerRecord<>(
            Topic.THREAD_EVENTS.topicName(),
            partition,
            records.size(),
            0,
            TimestampType.CREATE_TIME,
            key.length,
            value.length,
            key,
            value,
            headers,
            Optional.of(epoch)));
  }

  /** Appends records under a leader epoch. */
  synchronized void append(int count, int leaderEpoch) {
    epoch = leaderEpoch;
    IntStream.range(0, count).forEach(i -> append("t"));
  }

  /** What lies at or behind an offset was never replicated, and is gone. */
  synchronized void cut(int from) {
    of(PARTITION).subList(from, end()).clear();
  }

  synchronized int end() {
    return of(PARTITION).size();
  }

  synchronized void expire(long before) {
    start = before;
  }

  synchronized void away(boolean isAway) {
    away = isAway;
  }

  /** Whoever reads waits from now on. */
  void hold() {
    gate = new CountDownLatch(1);
  }

  void goOn() {
    gate.countDown();
  }

  LogConsumer consumer() {
    return consumer(() -> 0);
  }

  /** One that heard of topics at a time. */
  LogConsumer consumer(LongSupplier heardAtNs) {
    return new LogConsumer(new MockReader(), heardAtNs, Duration.ZERO);
  }

  Stretches stretches(long recentBytes) {
    return stretches(recentBytes, () -> identity);
  }

  /** Ones that ask which log this is. */
  static Stretches stretches(long recentBytes, Incarnation.Question question) {
    try {
      return new Stretches(
          new Incarnation(question),
          new RecordDecoder(Opener.NONE),
          new RecentStretches(recentBytes),
          new Pace(Long.MAX_VALUE));
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void header(RecordHeaders headers, String name, String value) {
    headers.add(name, value.getBytes(StandardCharsets.UTF_8));
  }

  private List<ConsumerRecord<byte[], byte[]>> of(int partition) {
    return records.computeIfAbsent(partition, p -> new ArrayList<>());
  }

  private synchronized List<ConsumerRecord<byte[], byte[]>> from(TopicPartition tp, long offset) {
    if (away) {
      throw new KafkaException("away");
    }
    if (offset < start) {
      throw new OffsetOutOfRangeException(Map.of(tp, offset));
    }
    List<ConsumerRecord<byte[], byte[]>> records = of(tp.partition());
    return List.copyOf(
        records.subList((int) offset, (int) Math.min(records.size(), offset + PER_POLL)));
  }

  private void waitAtTheGate() {
    try {
      if (!gate.await(20, TimeUnit.SECONDS)) {
        throw new AssertionError("held for ever");
      }
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Reads of the log where it was sought to. */
  private final class MockReader extends MockConsumer<byte[], byte[]> {
    MockReader() {
      super("none");
    }

    @Override
    public Map<TopicPartition, Long> beginningOffsets(
        Collection<TopicPartition> partitions, Duration timeout) {
      return Map.of(partitions.iterator().next(), start);
    }

    /** Of either topic: what agents write is routed at once. */
    @Override
    public Map<TopicPartition, Long> endOffsets(
        Collection<TopicPartition> partitions, Duration timeout) {
      return Map.of(partitions.iterator().next(), (long) end());
    }

    @Override
    public void seek(TopicPartition partition, OffsetAndMetadata at) {
      sought.add(at);
      super.seek(partition, at);
    }

    @Override
    public synchronized ConsumerRecords<byte[], byte[]> poll(Duration patience) {
      waitAtTheGate();
      Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> found = new HashMap<>();
      Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
      for (TopicPartition tp : assignment()) {
        long position = super.position(tp);
        List<ConsumerRecord<byte[], byte[]>> there =
            paused().contains(tp) ? List.of() : from(tp, position);
        if (!there.isEmpty()) {
          recordsRead.addAndGet(there.size());
          found.put(tp, there);
          next.put(tp, new OffsetAndMetadata(position + there.size()));
          seek(tp, position + there.size());
        }
      }
      return new ConsumerRecords<>(found, next);
    }

    /** As where the leader changes between a poll and this question. */
    @Override
    public synchronized long position(TopicPartition partition) {
      throw new WakeupException();
    }
  }
}
