package io.runwire.edge.ops;

import io.runwire.edge.tls.ServerCertificate;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** {@code /livez}, {@code /readyz}, {@code /metrics} and {@code /admin}, on a port of their own. */
public final class ManagementServer implements AutoCloseable {
  private final Server server = new Server();
  private final ServerConnector connector;

  /**
   * @param certificate where the port is encrypted
   * @param admin what operators may do
   */
  public ManagementServer(
      String host,
      int port,
      Optional<ServerCertificate> certificate,
      EdgeMetrics metrics,
      BooleanSupplier live,
      BooleanSupplier ready,
      Handler admin) {
    connector =
        new ServerConnector(
            server, 1, 1, ServerCertificate.protocols(certificate, new HttpConfiguration()));
    connector.setHost(host);
    connector.setPort(port);
    server.addConnector(connector);
    Handler figures =
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            switch (request.getHttpURI().getPath()) {
              case "/livez" -> health(response, callback, live.getAsBoolean());
              case "/readyz" -> health(response, callback, ready.getAsBoolean());
              case "/metrics" ->
                  text(response, callback, "text/plain; version=0.0.4", metrics.scrape());
              default -> {
                return false;
              }
            }
            return true;
          }
        };
    server.setHandler(new Handler.Sequence(figures, admin));
  }

  /** Binds the port and serves. */
  public void start() throws Exception {
    server.start();
  }

  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }

  private static void health(Response response, Callback callback, boolean well) {
    response.setStatus(well ? 200 : 503);
    text(response, callback, "text/plain", well ? "ok\n" : "not ok\n");
  }

  private static void text(Response response, Callback callback, String type, String body) {
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, type);
    Content.Sink.write(response, true, body, callback);
  }
}
