package io.runwire.loadtest.fault;

import io.runwire.loadtest.process.Edge;
import io.runwire.loadtest.process.Node;
import io.runwire.loadtest.process.RunwireSystem;
import io.runwire.loadtest.process.TcpProxy;
import io.runwire.loadtest.process.Traffic;
import java.time.Duration;
import java.util.List;
import java.util.Random;

/** What happens to bytes on their way, by the proxies that the system's connections go through. */
final class NetworkFaults {
  private static final Duration LONGEST_DELAY = Duration.ofSeconds(2);
  private static final int NARROW_BYTES_PER_SECOND = 32 << 10;
  private static final int SLOW_BYTES_PER_SECOND = 1 << 10;

  static final List<Fault> ALL =
      List.of(
          Fault.whole(
              10,
              "router cut off",
              "no byte passes between a router and the brokers, and nobody is told",
              12,
              (system, random) -> kafkaTraffic(router(system, random), Traffic.CUT)),
          Fault.whole(
              11,
              "one-way loss",
              "what an edge sends to the brokers arrives, what they answer does not",
              10,
              (system, random) -> kafkaTraffic(system.busiestEdge().node(), Traffic.ONE_WAY)),
          Fault.whole(
              15,
              "edge cut off from Kafka",
              "no byte passes between an edge and the brokers; its clients stay connected",
              12,
              (system, random) -> kafkaTraffic(system.busiestEdge().node(), Traffic.CUT)),
          Fault.whole(
              17,
              "clients reset",
              "every connection to an edge ends with a RST",
              1,
              (system, random) -> reset(system.busiestEdge())),
          Fault.whole(
              18,
              "clients vanish",
              "an edge's clients are gone without a FIN, and come back by new connections",
              15,
              (system, random) -> vanished(system.busiestEdge().clients())),
          Fault.whole(
              19,
              "zero window",
              "an edge's clients read nothing but keep sending",
              15,
              (system, random) -> clientTraffic(system.busiestEdge(), Traffic.ONE_WAY)),
          Fault.whole(
              20,
              "slow readers",
              "an edge's clients read 1 kB/s each",
              15,
              (system, random) ->
                  clientTraffic(system.busiestEdge(), Traffic.limited(SLOW_BYTES_PER_SECOND))),
          Fault.whole(
              21,
              "reconnect storm",
              "all clients lose their connections at once and come back with their cursors",
              1,
              (system, random) -> storm(system)),
          Fault.whole(
              22,
              "one-byte segments",
              "every byte to and from an edge's clients travels alone",
              8,
              (system, random) -> clientTraffic(system.busiestEdge(), Traffic.sliced(1))),
          Fault.whole(
              23,
              "latency and jitter",
              "every piece to and from an edge's clients is late by 0 to 2 s",
              12,
              (system, random) ->
                  clientTraffic(system.busiestEdge(), Traffic.delayed(LONGEST_DELAY))),
          Fault.whole(
              24,
              "narrow network",
              "every connection between an edge and the brokers passes 32 kB/s",
              10,
              (system, random) ->
                  kafkaTraffic(
                      system.busiestEdge().node(), Traffic.limited(NARROW_BYTES_PER_SECOND))));

  private NetworkFaults() {}

  private static Fault.Damage kafkaTraffic(Node node, Traffic traffic) {
    node.kafkaTraffic(traffic);
    return () -> node.kafkaTraffic(Traffic.FREE);
  }

  private static Fault.Damage clientTraffic(Edge edge, Traffic traffic) {
    edge.clients().set(traffic);
    return () -> edge.clients().set(Traffic.FREE);
  }

  private static Fault.Damage reset(Edge edge) {
    edge.clients().reset();
    return () -> {};
  }

  private static Fault.Damage vanished(TcpProxy clients) {
    clients.vanish();
    return clients::forget;
  }

  private static Fault.Damage storm(RunwireSystem system) {
    system.edges().forEach(edge -> edge.clients().reset());
    return () -> {};
  }

  private static Node router(RunwireSystem system, Random random) {
    return system.routers().get(random.nextInt(system.routers().size()));
  }
}
