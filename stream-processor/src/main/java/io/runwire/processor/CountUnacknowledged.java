package io.runwire.processor;

import static java.util.Objects.requireNonNull;

import io.runwire.processor.topics.Unacknowledged;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Tells {@link Unacknowledged} of what a producer sends and of each answer. */
public final class CountUnacknowledged implements ProducerInterceptor<byte[], byte[]> {
  /** Where the producer's configuration holds the {@link Unacknowledged}. */
  static final String UNACKNOWLEDGED = "runwire.unacknowledged";

  private static final int CHOSEN_BY_PRODUCER = -1;

  private @Nullable Unacknowledged unacknowledged;

  @Override
  public void configure(Map<String, ?> configs) {
    unacknowledged = (Unacknowledged) configs.get(UNACKNOWLEDGED);
  }

  @Override
  public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
    Integer partition = record.partition();
    told().sent(record.topic(), partition == null ? CHOSEN_BY_PRODUCER : partition);
    return record;
  }

  @Override
  public void onAcknowledgement(RecordMetadata metadata, @Nullable Exception exception) {
    told().answered(metadata.topic(), metadata.partition());
  }

  private Unacknowledged told() {
    return requireNonNull(unacknowledged, UNACKNOWLEDGED);
  }

  @Override
  public void close() {}
}
