package io.runwire.loadtest.measure;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runwire.event.EventHeaders;
import io.runwire.topic.Topic;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Records of thread-events as a router leaves them, written without one and as fast as they go.
 *
 * @param records of all threads
 * @param threads that write in turn
 * @param bytes of a value
 */
record Backlog(long records, int threads, int bytes) {
  private static final String HEAD = "{\"type\":\"CUSTOM\",\"name\":\"bench\",\"value\":\"";
  private static final String TAIL = "\"}";

  /**
   * Writes them all, and returns when they are acknowledged.
   *
   * @throws KafkaException if one was not
   */
  void write(String bootstrapServers) {
    byte[] value =
        (HEAD + "x".repeat(Math.max(0, bytes - HEAD.length() - TAIL.length())) + TAIL)
            .getBytes(UTF_8);
    String source = Uuid.randomUuid() + ":0:";
    AtomicReference<Exception> failed = new AtomicReference<>();
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 20, "batch.size", 256 << 10),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (long i = 0; i < records && failed.get() == null; i++) {
        producer.send(
            record(i, value, source),
            (at, failure) -> {
              if (failure != null) {
                failed.set(failure);
              }
            });
      }
      producer.flush();
    }
    if (failed.get() != null) {
      throw new KafkaException("the backlog was not written", failed.get());
    }
  }

  private ProducerRecord<byte[], byte[]> record(long i, byte[] value, String source) {
    String thread = "bench." + i % threads;
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(Topic.THREAD_EVENTS.topicName(), thread.getBytes(UTF_8), value);
    record
        .headers()
        .add(EventHeaders.RUN, (thread + ".run").getBytes(UTF_8))
        .add(EventHeaders.ATTEMPT, "1".getBytes(UTF_8))
        .add(EventHeaders.SEQ, Long.toString(1 + i / threads).getBytes(UTF_8))
        .add(EventHeaders.TYPE, "CUSTOM".getBytes(UTF_8))
        .add(EventHeaders.SRC, (source + i).getBytes(UTF_8));
    return record;
  }
}
