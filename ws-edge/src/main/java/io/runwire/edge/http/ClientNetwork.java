package io.runwire.edge.http;

import io.runwire.edge.bounds.Network;
import java.net.InetSocketAddress;
import org.eclipse.jetty.server.Request;

/** Where a request's client comes from, behind the proxies that are trusted to tell. */
public final class ClientNetwork {
  private static final Network UNKNOWN = new Network("unknown");

  private ClientNetwork() {}

  public static Network of(Request request) {
    return request.getConnectionMetaData().getRemoteSocketAddress()
                instanceof InetSocketAddress socket
            && socket.getAddress() != null
        ? Network.of(socket.getAddress())
        : UNKNOWN;
  }
}
