package io.runwire.loadtest.process;

import io.runwire.topic.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.processor.internals.DefaultKafkaClientSupplier;

/**
 * Kafka's own clients for a router, which can be told to die at the moment that no signal hits: its
 * changelog is acknowledged, its output is not.
 *
 * <p>Told by a file. Whichever of the routers' stream threads takes it away withholds its records
 * for thread-events from then on. With the next commit the rows that belong to them go to the
 * changelog; when those are acknowledged, the process is halted. Instantiated by Kafka Streams.
 */
public final class HaltBetweenAcks extends DefaultKafkaClientSupplier {
  /** The producer setting that names the file. */
  private static final String FILE = "loadtest.halt.file";

  /** As if killed. */
  private static final int EXIT = 137;

  /** The settings of a router that obeys the file. */
  static Map<String, String> settings(Path file) {
    return Map.of(
        "kafka.default.client.supplier",
        HaltBetweenAcks.class.getName(),
        "kafka.producer." + FILE,
        file.toString());
  }

  /** Tells whoever finds it first to halt. */
  static void request(Path file) throws IOException {
    Files.createFile(file);
  }

  @Override
  public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
    return new HaltingProducer(config);
  }

  /** Its methods are called by one stream thread. */
  private static final class HaltingProducer extends KafkaProducer<byte[], byte[]> {
    private static final long LOOK_EVERY_NS = 20_000_000;

    private final Path file;
    private long lookedNs = System.nanoTime();
    private int withheld;

    HaltingProducer(Map<String, Object> config) {
      super(config, new ByteArraySerializer(), new ByteArraySerializer());
      this.file = Path.of(String.valueOf(config.get(FILE)));
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
      boolean output = record.topic().equals(Topic.THREAD_EVENTS.topicName());
      if (output && (withheld > 0 || requested())) {
        withheld++;
        return new CompletableFuture<>();
      }
      return super.send(record, callback);
    }

    @Override
    public void flush() {
      super.flush();
      if (withheld > 0) {
        System.err.println("halted with " + withheld + " records withheld from thread-events");
        Runtime.getRuntime().halt(EXIT);
      }
    }

    private boolean requested() {
      long nowNs = System.nanoTime();
      if (nowNs - lookedNs < LOOK_EVERY_NS) {
        return false;
      }
      lookedNs = nowNs;
      try {
        return Files.deleteIfExists(file);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
