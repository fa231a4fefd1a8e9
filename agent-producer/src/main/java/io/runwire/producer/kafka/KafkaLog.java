package io.runwire.producer.kafka;

import io.runwire.producer.log.EventLog;
import io.runwire.producer.log.ProducerMetrics;
import io.runwire.producer.log.RunAttempt;
import io.runwire.producer.log.RunLane;
import io.runwire.producer.log.RunLane.Settlement;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Runs in agent-events: one Kafka producer, one owner thread, one lane per attempt. */
public final class KafkaLog implements EventLog {
  private final Producer<byte[], byte[]> producer;
  private final long windowBytes;
  private final Spool spool;
  private final Counters counters = new Counters();
  private final Set<KafkaLane> lanes = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor thread;

  private KafkaLog(Producer<byte[], byte[]> producer, long windowBytes, long spoolBytes) {
    this.producer = producer;
    this.windowBytes = windowBytes;
    this.spool = new Spool(spoolBytes);
    this.thread =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread t = new Thread(task, "runwire-producer");
              t.setDaemon(true);
              return t;
            },
            new ThreadPoolExecutor.DiscardPolicy());
  }

  /**
   * Connects. Returns at once, whether brokers can be reached or not: events wait in their windows
   * until then.
   *
   * @throws org.apache.kafka.common.KafkaException where the settings are refused
   */
  public static KafkaLog connect(KafkaLogConfig config) {
    Producer<byte[], byte[]> producer =
        new KafkaProducer<>(
            ProducerSettings.of(config), new ByteArraySerializer(), new ByteArraySerializer());
    return new KafkaLog(producer, config.windowBytes(), config.spoolBytes());
  }

  static KafkaLog over(Producer<byte[], byte[]> producer, long windowBytes, long spoolBytes) {
    return new KafkaLog(producer, windowBytes, spoolBytes);
  }

  @Override
  public RunLane open(RunAttempt attempt, Duration lease) {
    KafkaLane lane =
        new KafkaLane(
            attempt,
            new Lease(lease, System::nanoTime),
            windowBytes,
            spool,
            producer,
            new Owner(),
            counters,
            lanes::remove);
    lanes.add(lane);
    return lane;
  }

  @Override
  public ProducerMetrics metrics() {
    return counters.snapshot(spool.used());
  }

  @Override
  public boolean close(Duration bound) {
    long deadlineNs = System.nanoTime() + bound.toNanos();
    boolean settled = true;
    for (KafkaLane lane : lanes) {
      settled &= lane.awaitSettled(left(deadlineNs)) == Settlement.SETTLED;
    }
    for (KafkaLane lane : lanes) {
      lane.abandon(new IllegalStateException("the producer was closed"));
    }
    thread.shutdownNow();
    producer.close(left(deadlineNs));
    return settled;
  }

  private static Duration left(long deadlineNs) {
    return Duration.ofNanos(Math.max(0, deadlineNs - System.nanoTime()));
  }

  private final class Owner implements OwnerThread {
    @Override
    public void execute(Runnable task) {
      thread.execute(task);
    }

    @Override
    public void schedule(Runnable task, Duration delay) {
      // Nobody asks for the outcome: a task reports what it meets to its lane.
      var unused = thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }
  }
}
