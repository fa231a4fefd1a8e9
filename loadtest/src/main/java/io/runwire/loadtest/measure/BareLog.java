package io.runwire.loadtest.measure;

import io.runwire.producer.log.AgentEvent;
import io.runwire.producer.log.EventLog;
import io.runwire.producer.log.ProducerMetrics;
import io.runwire.producer.log.RunAttempt;
import io.runwire.producer.log.RunLane;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Hands what agents write to a plain Kafka producer, for any topic: the same bytes as {@link
 * io.runwire.producer.kafka.KafkaLog} writes, by a producer with the same settings, and nothing of
 * what that does so that they are settled in order. Only to be measured against. Safe from any
 * thread.
 */
final class BareLog implements EventLog {
  private static final Map<String, Object> SETTINGS =
      Map.of("acks", "all", "enable.idempotence", true, "linger.ms", 0);

  private final String topic;
  private final KafkaProducer<byte[], byte[]> producer;
  private final LongAdder acknowledged = new LongAdder();
  private final AtomicReference<Exception> failed = new AtomicReference<>();

  /**
   * Connects, and returns when each partition has taken a record. Where a young topic still refuses
   * a first batch and takes the second, the producer repeats the first one until it gives up: the
   * broker has begun to count with the second.
   *
   * @throws KafkaException if one of them took none
   */
  BareLog(String bootstrapServers, String topic) {
    this.topic = topic;
    Map<String, Object> settings = new HashMap<>(SETTINGS);
    settings.put("bootstrap.servers", bootstrapServers);
    this.producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    for (PartitionInfo partition : producer.partitionsFor(topic)) {
      try {
        producer.send(new ProducerRecord<>(topic, partition.partition(), null, new byte[0])).get();
      } catch (ExecutionException e) {
        throw new KafkaException(topic + " takes nothing", e);
      } catch (InterruptedException e) {
        throw new InterruptException(e);
      }
    }
  }

  @Override
  public RunLane open(RunAttempt attempt, Duration lease) {
    return new Lane();
  }

  @Override
  public ProducerMetrics metrics() {
    return ProducerMetrics.settled(acknowledged.sum());
  }

  @Override
  public boolean close(Duration bound) {
    producer.close(bound);
    return failed.get() == null;
  }

  /** The record of an event, with the key and the headers that agent-events asks for. */
  static ProducerRecord<byte[], byte[]> record(String topic, AgentEvent event) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, utf8(event.attempt().thread()), event.value());
    event.headers().forEach((name, value) -> record.headers().add(name, utf8(value)));
    return record;
  }

  private void send(AgentEvent event) {
    var unused =
        producer.send(
            record(topic, event),
            (at, failure) -> {
              if (failure == null) {
                acknowledged.increment();
              } else {
                failed.set(failure);
              }
            });
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Of any run: they share the producer, and with it a failure. */
  private final class Lane implements RunLane {
    @Override
    public Admission offer(List<AgentEvent> events, Duration patience) {
      return append(events);
    }

    @Override
    public Admission append(List<AgentEvent> events) {
      if (failed.get() != null) {
        return Admission.FAILED;
      }
      events.forEach(BareLog.this::send);
      return Admission.TAKEN;
    }

    @Override
    public Settlement awaitSettled(Duration bound) {
      producer.flush();
      return failed.get() == null ? Settlement.SETTLED : Settlement.FAILED;
    }

    @Override
    public Optional<Throwable> failure() {
      return Optional.ofNullable(failed.get());
    }

    @Override
    public void close() {}
  }
}
