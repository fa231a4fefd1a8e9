package io.runwire.edge.evidence;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runwire.edge.hub.DeliveryEvidence;
import io.runwire.edge.settings.EvidenceSettings;
import io.runwire.edge.settings.EvidenceSettings.Level;
import io.runwire.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes reports to edge-deliveries on a thread of its own. Delivery never waits for evidence: what
 * does not fit into the queue, or what Kafka does not take in time, is dropped, counted, and said
 * in the log once an outage. Thread-safe.
 */
public final class EvidenceWriter implements DeliveryEvidence, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EvidenceWriter.class);

  // Objects of a report and its list, and of an event in it, measured roughly.
  private static final int REPORT_BYTES = 500;
  private static final int EVENT_BYTES = 80;

  /** How long {@code send} may wait for metadata or memory: it holds up this thread alone. */
  private static final Duration MAX_BLOCK = Duration.ofSeconds(1);

  private static final Duration DELIVERY_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration LINGER = Duration.ofMillis(50);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(2);

  private final Producer<byte[], byte[]> producer;
  private final EvidenceSettings settings;
  private final ExecutorService thread;
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong dropped = new AtomicLong();
  private final AtomicBoolean dropping = new AtomicBoolean();

  /**
   * Opens a producer.
   *
   * @param kafka settings of the Kafka clients
   */
  public static EvidenceWriter open(Map<String, Object> kafka, EvidenceSettings settings) {
    Map<String, Object> producer = new HashMap<>(kafka);
    producer.put(ProducerConfig.ACKS_CONFIG, "all");
    producer.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, MAX_BLOCK.toMillis());
    producer.put(ProducerConfig.LINGER_MS_CONFIG, (int) LINGER.toMillis());
    producer.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) DELIVERY_TIMEOUT.toMillis());
    producer.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) DELIVERY_TIMEOUT.toMillis() / 2);
    producer.put(ProducerConfig.BUFFER_MEMORY_CONFIG, settings.queueBytes());
    return new EvidenceWriter(
        new KafkaProducer<>(producer, new ByteArraySerializer(), new ByteArraySerializer()),
        settings,
        Executors.newSingleThreadExecutor(
            task -> {
              Thread writer = new Thread(task, "runwire-evidence");
              writer.setDaemon(true);
              return writer;
            }));
  }

  /**
   * @param thread runs one task at a time, in order; shut down by {@link #close}
   */
  EvidenceWriter(
      Producer<byte[], byte[]> producer, EvidenceSettings settings, ExecutorService thread) {
    this.producer = producer;
    this.settings = settings;
    this.thread = thread;
  }

  @Override
  public boolean wanted(boolean acknowledging) {
    return settings.level() == Level.ALL
        || (settings.level() == Level.ACKNOWLEDGED && acknowledging);
  }

  @Override
  public void accept(Report report) {
    long bytes = REPORT_BYTES + (long) EVENT_BYTES * report.events().size();
    if (waitingBytes.addAndGet(bytes) > settings.queueBytes()) {
      waitingBytes.addAndGet(-bytes);
      dropped("more than " + settings.queueBytes() + " bytes wait for Kafka");
      return;
    }
    try {
      thread.execute(() -> write(report, bytes));
    } catch (RejectedExecutionException closed) {
      waitingBytes.addAndGet(-bytes);
      dropped("the edge is closed");
    }
  }

  /** Reports that Kafka has. */
  public long written() {
    return written.get();
  }

  /** Reports that it will never have. */
  public long dropped() {
    return dropped.get();
  }

  /** What is waiting is written if that is a matter of seconds. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        log.warn("{} bytes of evidence were still waiting and are lost", waitingBytes.get());
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    producer.close(CLOSE_WITHIN);
  }

  private void write(Report report, long bytes) {
    try {
      producer.send(
          new ProducerRecord<>(
              Topic.EDGE_DELIVERIES.topicName(),
              report.thread().getBytes(UTF_8),
              ReportJson.encode(report)),
          (metadata, failure) -> {
            if (failure != null) {
              dropped(failure.toString());
            } else {
              written.incrementAndGet();
              if (dropping.compareAndSet(true, false)) {
                log.info("evidence of delivery is written again");
              }
            }
          });
    } catch (KafkaException | IllegalStateException e) {
      dropped(e.toString());
    } finally {
      waitingBytes.addAndGet(-bytes);
    }
  }

  private void dropped(String why) {
    dropped.incrementAndGet();
    if (dropping.compareAndSet(false, true)) {
      log.warn("evidence of delivery is dropped until further notice: {}", why);
    }
  }
}
