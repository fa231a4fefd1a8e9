package io.runwire.loadtest.process;

import java.net.URI;

/**
 * An edge, and the network between it and its clients.
 *
 * @param node the edge itself
 * @param direct where clients connect who are not to be disturbed
 * @param clients what its clients connect through
 */
public record Edge(Node node, URI direct, TcpProxy clients) {
  /** Where its clients connect. */
  public URI socket() {
    return socket(clients.port());
  }

  static URI socket(int port) {
    return URI.create("ws://127.0.0.1:" + port + "/v1/ws");
  }

  @Override
  public String toString() {
    return node.toString();
  }
}
