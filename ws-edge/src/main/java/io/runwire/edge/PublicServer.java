package io.runwire.edge;

import io.runwire.edge.bounds.Bounds;
import io.runwire.edge.console.ConsoleHandler;
import io.runwire.edge.console.PlaygroundHandler;
import io.runwire.edge.http.AddressLimit;
import io.runwire.edge.http.HandshakeDeadline;
import io.runwire.edge.http.Problem;
import io.runwire.edge.http.TrustedProxies;
import io.runwire.edge.settings.BoundsSettings;
import io.runwire.edge.settings.Listen;
import io.runwire.edge.socket.WebSocketHandshake;
import io.runwire.edge.tls.ServerCertificate;
import java.util.Optional;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.RequestLog;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.core.server.WebSocketUpgradeHandler;

/** The public port: WebSocket, the API below {@code /v1}, and the console. */
final class PublicServer implements AutoCloseable {
  private static final int MAX_THREADS = 32;

  // A slow socket would otherwise hide megabytes of events in the kernel.
  private static final int SEND_BUFFER_BYTES = 64 << 10;

  /** Connections for each place: some are being closed, some ask for a page. */
  private static final int CONNECTIONS_PER_PLACE = 2;

  private final Server server;
  private final ServerConnector connector;

  /**
   * @param certificate where the port is encrypted
   * @param log is told of every answer, also of those that Jetty gives by itself
   */
  PublicServer(
      Listen listen,
      Optional<ServerCertificate> certificate,
      Bounds bounds,
      WebSocketHandshake handshake,
      Handler api,
      PlaygroundHandler playground,
      RequestLog log) {
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
    threads.setName("runwire-http");
    server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    TrustedProxies proxies =
        new TrustedProxies(bounds.settings().trustedProxies(), bounds.settings().trustedHeader());
    http.addCustomizer(proxies);
    connector = new ServerConnector(server, 1, 1, ServerCertificate.protocols(certificate, http));
    connector.setHost(listen.host());
    connector.setPort(listen.port());
    connector.setAcceptedSendBufferSize(SEND_BUFFER_BYTES);
    server.addConnector(connector);

    WebSocketUpgradeHandler sockets = new WebSocketUpgradeHandler();
    sockets.addMapping("/v1/ws", handshake);
    // It wraps the rest: alone in a sequence it would answer 404 to whatever is no upgrade.
    sockets.setHandler(new Handler.Sequence(api, playground, new ConsoleHandler()));
    HandshakeDeadline handshakes =
        new HandshakeDeadline(
            sockets, bounds.deadlines(), bounds.settings().handshake(), bounds.metrics());
    connector.addBean(handshakes);
    int perAddress = CONNECTIONS_PER_PLACE * bounds.settings().perAddress();
    connector.addBean(new AddressLimit(perAddress, proxies, bounds.metrics()));
    server.setHandler(handshakes);
    server.addBean(new NetworkConnectionLimit(connections(bounds.settings()), connector));
    server.setErrorHandler(Problem::writeRefusal);
    server.setRequestLog(log);
  }

  private static int connections(BoundsSettings bounds) {
    return CONNECTIONS_PER_PLACE * (bounds.perNode() + bounds.unauthenticated());
  }

  void start() throws Exception {
    server.start();
  }

  /** Closes the port; who is connected stays so. */
  void stopAccepting() {
    connector.close();
  }

  int port() {
    return connector.getLocalPort();
  }

  /** Connections that the port has accepted and that are open, whatever they are for. */
  int connections() {
    return connector.getConnectedEndPoints().size();
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }
}
