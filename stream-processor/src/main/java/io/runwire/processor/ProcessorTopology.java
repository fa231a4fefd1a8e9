package io.runwire.processor;

import io.runwire.cursor.LogIdentity;
import io.runwire.processor.ledger.LedgerCounts;
import io.runwire.processor.ledger.LedgerTopology;
import io.runwire.processor.topology.Router;
import io.runwire.processor.topology.RoutingCounts;
import java.time.Duration;
import org.apache.kafka.streams.Topology;

/** The router and the ledger, which meet in thread-events only. */
final class ProcessorTopology {
  private ProcessorTopology() {}

  static Topology of(
      LogIdentity log,
      RoutingCounts routingCounts,
      LedgerCounts ledgerCounts,
      Duration ledgerRetention) {
    Topology topology = new Topology();
    Router.addTo(topology, log, routingCounts);
    LedgerTopology.addTo(topology, log, ledgerCounts, ledgerRetention);
    return topology;
  }
}
