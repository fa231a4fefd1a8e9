package io.runwire.processor.ledger;

import java.util.Optional;
import org.apache.kafka.streams.state.HostInfo;

/** Which processor has which partition of the ledger now. Thread-safe; returns at once. */
public interface Owners {
  /** This processor, as the others call it. */
  HostInfo self();

  /** The owner of a partition; empty while it moves. */
  Optional<HostInfo> of(int partition);
}
