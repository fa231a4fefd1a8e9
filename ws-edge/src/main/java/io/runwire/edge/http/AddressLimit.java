package io.runwire.edge.http;

import io.runwire.edge.bounds.BoundsMetrics;
import io.runwire.edge.bounds.Network;
import io.runwire.edge.bounds.Refusal;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;

/**
 * Closes connections of one address beyond so many at once, so that no single host can take all
 * that the port accepts: one that is kept alive and asks nothing holds a place, too. Only those
 * that speak HTTP count; a socket has its own bound from its upgrade on. A trusted proxy is many
 * clients, and is not bounded. Thread-safe.
 */
public final class AddressLimit implements Connection.Listener {
  private final int most;
  private final TrustedProxies proxies;
  private final BoundsMetrics metrics;
  private final Map<Connection, Network> open = new ConcurrentHashMap<>();
  private final Map<Network, Integer> byAddress = new ConcurrentHashMap<>();

  /**
   * @param most connections of one address
   */
  public AddressLimit(int most, TrustedProxies proxies, BoundsMetrics metrics) {
    this.most = most;
    this.proxies = proxies;
    this.metrics = metrics;
  }

  @Override
  public void onOpened(Connection connection) {
    Optional<Network> from = bounded(connection);
    if (from.isEmpty()) {
      return;
    }
    open.put(connection, from.get());
    if (byAddress.merge(from.get(), 1, Integer::sum) > most) {
      metrics.refused(Refusal.ADDRESS);
      connection.getEndPoint().close();
    }
  }

  @Override
  public void onClosed(Connection connection) {
    Network from = open.remove(connection);
    if (from != null) {
      byAddress.computeIfPresent(from, (address, n) -> n == 1 ? null : n - 1);
    }
  }

  /** Where it comes from, unless it is none of those that count. */
  private Optional<Network> bounded(Connection connection) {
    return connection instanceof ConnectionMetaData
            && connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress peer
            && !proxies.trusted(peer.getAddress())
        ? Optional.of(Network.of(peer.getAddress()))
        : Optional.empty();
  }
}
