package io.runwire.processor;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that there is never a hole in the output: a record that the producer gives up halts
 * the process, on the sender's thread, before a later batch can overtake.
 *
 * <p>An interceptor, and not a {@code ProductionExceptionHandler}, because Kafka Streams does not
 * ask the handler about all errors (authorization, an unknown error of the broker, a sequence out
 * of order), and acts on them only with the next record.
 *
 * <p>A time-out is no exception: {@code delivery.timeout.ms} never runs out, so the record did not
 * enter the producer within {@code max.block.ms} (no metadata, no buffer). Kafka Streams would
 * close the task that sent it and go on with the other tasks of the thread, and one of these may
 * have taken note of its own record in the store and be told of the error instead of sending it.
 */
public final class HaltOnLostSend implements ProducerInterceptor<byte[], byte[]> {
  /** Where the producer's configuration holds the {@link Halt}. */
  static final String HALT = "runwire.halt";

  private @Nullable Halt halt;

  @Override
  public void configure(Map<String, ?> configs) {
    halt = (Halt) configs.get(HALT);
  }

  @Override
  public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
    return record;
  }

  @Override
  public void onAcknowledgement(RecordMetadata metadata, @Nullable Exception exception) {
    if (exception != null) {
      requireNonNull(halt, HALT)
          .halt(
              "a record for " + metadata.topic() + "-" + metadata.partition() + " was lost",
              exception);
    }
  }

  @Override
  public void close() {}
}
