package io.runwire.processor;

import io.runwire.cursor.LogIdentity;
import io.runwire.processor.ledger.LedgerTopology;
import io.runwire.processor.topology.PayloadSeal;
import io.runwire.processor.topology.Router;
import io.runwire.processor.watchdog.RoutedUpTo;
import io.runwire.processor.watchdog.Watchdog;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.kafka.streams.Topology;

/** The router, and the ledger with the watchdog; they meet in the topics only. */
final class ProcessorTopology {
  /** The stores that it keeps, each with a changelog. */
  static final Set<String> STORES = Set.of(Router.STORE, LedgerTopology.STORE);

  private ProcessorTopology() {}

  static Topology of(
      ProcessorConfig config,
      LogIdentity log,
      PayloadSeal seal,
      ProcessorMeters meters,
      RoutedUpTo routed,
      LongSupplier clockMs) {
    Topology topology = new Topology();
    Router.addTo(topology, log, seal, meters);
    LedgerTopology.addTo(topology, log, meters, config.ledgerRetention());
    Watchdog.addTo(topology, log, config.watchdog(), routed, meters, clockMs);
    return topology;
  }
}
