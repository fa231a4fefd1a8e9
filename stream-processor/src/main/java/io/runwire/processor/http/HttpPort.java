package io.runwire.processor.http;

import java.io.IOException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** One port with its own few threads, so that neither port can hold up the other. */
public final class HttpPort implements AutoCloseable {
  static final int MAX_THREADS = 16;
  private static final int IDLE_MS = 30_000;
  private static final int STOP_MS = 2_000;

  /** Room for {@link HttpPeers#PARTITIONS} of ten thousand partitions. */
  private static final int MAX_HEADER_BYTES = 64 << 10;

  private final Server server;
  private final ServerConnector connector;

  private HttpPort(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  /**
   * Opens a port and serves it.
   *
   * @param name of the setting, for the error
   * @param port 0 for any free one
   * @throws IllegalStateException if it cannot be bound
   */
  public static HttpPort open(String name, String host, int port, Handler handler) {
    HttpPort opened = bind(name, host, port);
    opened.serve(handler);
    return opened;
  }

  /** Likewise, but nobody is answered before {@link #serve}: whoever connects waits. */
  public static HttpPort bind(String name, String host, int port) {
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS, 1);
    threads.setName(name);
    threads.setDaemon(true);
    Server server = new Server(threads);
    ServerConnector connector =
        new ServerConnector(server, 1, 1, new HttpConnectionFactory(strict()));
    connector.setHost(host);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_MS);
    server.addConnector(connector);
    server.setErrorHandler(Problem::sendForJetty);
    server.setStopTimeout(STOP_MS);
    try {
      connector.open();
    } catch (IOException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new IllegalStateException(
          name + ": " + host + ":" + port + " cannot be bound, " + cause.getMessage(), e);
    }
    return new HttpPort(server, connector);
  }

  /** Begins to answer. */
  public void serve(Handler handler) {
    server.setHandler(handler);
    try {
      server.start();
    } catch (Exception e) {
      close();
      throw new IllegalStateException("Jetty does not start", e);
    }
  }

  /** The port that is bound. */
  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() {
    connector.close();
    stop(server);
  }

  private static HttpConfiguration strict() {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendXPoweredBy(false);
    configuration.setRequestHeaderSize(MAX_HEADER_BYTES);
    return configuration;
  }

  private static void stop(Server server) {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("Jetty does not stop", e);
    }
  }
}
