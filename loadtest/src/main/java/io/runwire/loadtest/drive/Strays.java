package io.runwire.loadtest.drive;

import io.runwire.producer.log.AgentEvent;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What honest agents do not write: records once more that stand in the log already, and {@link
 * Poison}. None of it may reach a reader, so none of it is journaled. Safe from any thread; where
 * Kafka does not keep up, strays are left out.
 */
final class Strays implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Strays.class);

  /** Repeats are of one of so many events that were settled last. */
  private static final int RECENT = 1_000;

  private static final int MAX_WAITING = 1_000;
  private static final int MAX_REQUEST_BYTES = 2 << 20; // above what the router accepts
  private static final Duration CLOSE = Duration.ofSeconds(5);

  private final Producer<byte[], byte[]> producer;
  private final double repeatShare;
  private final double poisonShare;
  private final Random random; // the sender's
  private final List<AgentEvent> recent = new ArrayList<>(RECENT); // the sender's
  private int oldest; // the sender's
  private final LongAdder repeats = new LongAdder();
  private final LongAdder poison = new LongAdder();
  private final ThreadPoolExecutor sender;

  /**
   * @param repeatPercent repeats per hundred settled events
   * @param poisonPercent bad records per hundred settled events
   */
  Strays(Producer<byte[], byte[]> producer, double repeatPercent, double poisonPercent, long seed) {
    this.producer = producer;
    this.repeatShare = repeatPercent / 100;
    this.poisonShare = poisonPercent / 100;
    this.random = new Random(seed);
    this.sender =
        new ThreadPoolExecutor(
            1,
            1,
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            task -> new Thread(task, "strays"),
            new ThreadPoolExecutor.DiscardPolicy());
  }

  /** A producer as carelessly set up as one that sends such records. */
  static Producer<byte[], byte[]> producer(String bootstrap) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
    settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
    settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 3_000);
    settings.put(ProducerConfig.CLIENT_ID_CONFIG, "strays");
    return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  long repeats() {
    return repeats.sum();
  }

  long poison() {
    return poison.sum();
  }

  /** Events that stand in the log: now and then something stray follows. */
  void settled(List<AgentEvent> events) {
    if (repeatShare + poisonShare > 0) {
      sender.execute(() -> events.forEach(this::follow));
    }
  }

  /** Sends what waits, and disconnects. */
  @Override
  public void close() throws InterruptedException {
    sender.shutdown();
    if (!sender.awaitTermination(CLOSE.toSeconds(), TimeUnit.SECONDS)) {
      sender.shutdownNow();
    }
    producer.close(CLOSE);
  }

  private void follow(AgentEvent event) {
    remember(event);
    try {
      if (random.nextDouble() < repeatShare) {
        send(Poison.repeat(any()), repeats);
      }
      if (random.nextDouble() < poisonShare) {
        AgentEvent victim = any();
        int partitions = producer.partitionsFor(Topic.AGENT_EVENTS.topicName()).size();
        send(Poison.pick(victim, random).record(victim, partitions, random), poison);
      }
    } catch (KafkaException e) {
      LOG.debug("left out, since no broker takes it now", e);
    }
  }

  private void remember(AgentEvent event) {
    if (recent.size() < RECENT) {
      recent.add(event);
    } else {
      recent.set(oldest, event);
      oldest = (oldest + 1) % RECENT;
    }
  }

  private AgentEvent any() {
    return recent.get(random.nextInt(recent.size()));
  }

  private void send(ProducerRecord<byte[], byte[]> record, LongAdder count) {
    var unused = producer.send(record); // whether it arrives is nobody's concern
    count.increment();
  }
}
