package io.runwire.edge;

import io.runwire.edge.console.ConsoleHandler;
import io.runwire.edge.console.PlaygroundHandler;
import io.runwire.edge.http.Problem;
import io.runwire.edge.settings.Listen;
import io.runwire.edge.socket.WebSocketHandshake;
import io.runwire.edge.tls.ServerCertificate;
import java.util.Optional;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
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

  private final Server server;
  private final ServerConnector connector;

  /**
   * @param certificate where the port is encrypted
   * @param log is told of every answer, also of those that Jetty gives by itself
   */
  PublicServer(
      Listen listen,
      Optional<ServerCertificate> certificate,
      WebSocketHandshake handshake,
      Handler api,
      PlaygroundHandler playground,
      RequestLog log) {
    QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
    threads.setName("runwire-http");
    server = new Server(threads);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    connector = new ServerConnector(server, 1, 1, ServerCertificate.protocols(certificate, http));
    connector.setHost(listen.host());
    connector.setPort(listen.port());
    connector.setAcceptedSendBufferSize(SEND_BUFFER_BYTES);
    server.addConnector(connector);

    WebSocketUpgradeHandler sockets = new WebSocketUpgradeHandler();
    sockets.addMapping("/v1/ws", handshake);
    // It wraps the rest: alone in a sequence it would answer 404 to whatever is no upgrade.
    sockets.setHandler(new Handler.Sequence(api, playground, new ConsoleHandler()));
    server.setHandler(sockets);
    server.setErrorHandler(Problem::writeRefusal);
    server.setRequestLog(log);
  }

  void start() throws Exception {
    server.start();
  }

  int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }
}
