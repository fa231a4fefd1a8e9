package io.runwire.processor.topology;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.streams.processor.StreamPartitioner;
import org.jspecify.annotations.Nullable;

/**
 * A value on its way to a topic, with the partition that it must go to: Kafka Streams asks the
 * partitioner with key and value only.
 *
 * @param value the bytes as they came
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Outgoing(byte @Nullable [] value, int partition) {
  static final Serializer<Outgoing> SERIALIZER = (topic, outgoing) -> outgoing.value();

  /** Exactly the partition named. */
  static final StreamPartitioner<byte[], Outgoing> EXACTLY =
      (topic, key, outgoing, partitions) -> Optional.of(Set.of(outgoing.partition()));

  /** The partition named, folded into a topic that has fewer. */
  static final StreamPartitioner<byte[], Outgoing> FOLDED =
      (topic, key, outgoing, partitions) -> Optional.of(Set.of(outgoing.partition() % partitions));
}
