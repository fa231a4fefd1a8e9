package io.runwire.loadtest.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A piece of network on loopback, whose {@link Traffic} can be changed while connections are open.
 * Thread-safe; two threads per connection.
 */
public final class TcpProxy implements AutoCloseable {
  private static final int BACKLOG = 1_024;

  /** Small, so that a reader who stops reading is felt by the sender after a few kilobytes. */
  private static final int RECEIVE_BUFFER = 16 << 10;

  private final ServerSocket server;
  private final int target;
  private final Gate gate = new Gate();
  private final Set<ProxiedConnection> connections = ConcurrentHashMap.newKeySet();

  private TcpProxy(ServerSocket server, int target) {
    this.server = server;
    this.target = target;
  }

  /** Listens at {@code port} and connects to {@code target}, both on loopback. */
  public static TcpProxy open(int port, int target) {
    try {
      ServerSocket server = new ServerSocket();
      server.setReuseAddress(true);
      server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
      TcpProxy proxy = new TcpProxy(server, target);
      Thread acceptor = new Thread(proxy::accept, "proxy-" + port);
      acceptor.setDaemon(true);
      acceptor.start();
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("proxy port " + port, e);
    }
  }

  public int port() {
    return server.getLocalPort();
  }

  /** Open at the moment. */
  public int connections() {
    return connections.size();
  }

  /** From now on, for open connections and for those to come. */
  public void set(Traffic traffic) {
    gate.set(traffic);
  }

  /** Both ends of every connection get a RST. */
  public void reset() {
    connections.forEach(ProxiedConnection::reset);
  }

  /**
   * The side that connected is gone from every connection, and the other side hears nothing of it;
   * until {@link #forget}.
   */
  public void vanish() {
    connections.forEach(ProxiedConnection::vanish);
  }

  /** Drops what {@link #vanish} has left behind. */
  public void forget() {
    connections.stream().filter(ProxiedConnection::vanished).forEach(ProxiedConnection::reset);
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reset();
    gate.set(Traffic.FREE);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        connect(server.accept());
      } catch (IOException e) {
        // Closed, or one connection that ended before it began.
      }
    }
  }

  private void connect(Socket near) throws IOException {
    Socket far = new Socket();
    try {
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      far.setReceiveBufferSize(RECEIVE_BUFFER);
      far.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), target));
    } catch (IOException nobodyThere) {
      resetNow(near);
      throw nobodyThere;
    }
    ProxiedConnection connection = new ProxiedConnection(near, far, gate, connections::remove);
    connections.add(connection);
    connection.start();
  }

  /** Closes with a RST instead of a FIN. */
  static void resetNow(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (SocketException alreadyClosed) {
      // Then there is nothing to reset.
    }
    try {
      socket.close();
    } catch (IOException e) {
      // It is of no use any more, in any case.
    }
  }
}
