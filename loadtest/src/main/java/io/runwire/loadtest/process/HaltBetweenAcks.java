package io.runwire.loadtest.process;

import io.runwire.topic.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
 * <p>Told by a file. Whichever of the routers' stream threads takes it away withholds its next
 * records for thread-events, as many as the file says, waits until everything else that it has sent
 * is acknowledged, and halts the process. A commit meanwhile would be one of records that never
 * were sent: it halts the process instead. Instantiated by Kafka Streams.
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

  /**
   * Tells whoever reads it first to halt.
   *
   * @param withheld how far its changelog is ahead of its output then, in records; at least 1
   */
  static void request(Path file, int withheld) throws IOException {
    Path draft = file.resolveSibling(file.getFileName() + ".draft");
    Files.writeString(draft, Integer.toString(withheld));
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
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
    private int toWithhold;
    private int withheld;

    HaltingProducer(Map<String, Object> config) {
      super(config, new ByteArraySerializer(), new ByteArraySerializer());
      this.file = Path.of(String.valueOf(config.get(FILE)));
    }

    @Override
    public Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
      if (!record.topic().equals(Topic.THREAD_EVENTS.topicName())) {
        return super.send(record, callback);
      }
      if (toWithhold == 0) {
        toWithhold = requested();
      }
      if (toWithhold == 0) {
        return super.send(record, callback);
      }
      if (withheld == toWithhold) {
        halt(); // by now the changelog has what belongs to those before
      }
      withheld++;
      return new CompletableFuture<>();
    }

    @Override
    public void flush() {
      if (withheld > 0) {
        halt();
      }
      super.flush();
    }

    private void halt() {
      super.flush();
      System.err.println("halted with " + withheld + " records withheld from thread-events");
      Runtime.getRuntime().halt(EXIT);
    }

    private int requested() {
      long nowNs = System.nanoTime();
      if (nowNs - lookedNs < LOOK_EVERY_NS) {
        return 0;
      }
      lookedNs = nowNs;
      try {
        int records = Integer.parseInt(Files.readString(file));
        return Files.deleteIfExists(file) ? records : 0;
      } catch (NoSuchFileException nobodyAsked) {
        return 0;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
