package io.runwire.processor.ledger;

import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.errors.StreamsNotStartedException;
import org.apache.kafka.streams.state.HostInfo;

/** What the processors told each other with the last rebalance. */
public final class StreamsOwners implements Owners {
  private final KafkaStreams streams;
  private final HostInfo self;

  /**
   * @param self the {@code application.server} of these streams
   */
  public StreamsOwners(KafkaStreams streams, HostInfo self) {
    this.streams = streams;
    this.self = self;
  }

  @Override
  public HostInfo self() {
    return self;
  }

  @Override
  public Optional<HostInfo> of(int partition) {
    try {
      KeyQueryMetadata owner =
          streams.queryMetadataForKey(
              LedgerTopology.STORE,
              partition,
              (topic, key, value, partitions) -> Optional.of(Set.of(key)));
      return KeyQueryMetadata.NOT_AVAILABLE.equals(owner)
              || HostInfo.unavailable().equals(owner.activeHost())
          ? Optional.empty()
          : Optional.of(owner.activeHost());
    } catch (StreamsNotStartedException | IllegalStateException notRunning) {
      return Optional.empty();
    }
  }
}
