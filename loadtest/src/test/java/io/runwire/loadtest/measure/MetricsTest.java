package io.runwire.loadtest.measure;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private static final String SCRAPE =
      """
      # HELP lag_records Records in the log
      lag_records 302000.0
      lag_records_total 7.0
      stopped{reason="A"} 1.0
      stopped{reason="B C"} 2.0
      """;

  @SuppressWarnings("NullAway.Init")
  private HttpServer management;

  @BeforeEach
  void open() throws IOException {
    management = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    management.createContext(
        "/metrics",
        exchange -> {
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(SCRAPE.getBytes(UTF_8));
          exchange.close();
        });
    management.start();
  }

  @AfterEach
  void close() {
    management.stop(0);
  }

  @Test
  void sumsAFigureOverItsLabelsAndNotThoseThatOnlyBeginLikeIt() throws Exception {
    Metrics metrics =
        new Metrics(
            URI.create("http://127.0.0.1:" + management.getAddress().getPort() + "/readyz"));
    assertThat(metrics.sum("lag_records")).isEqualTo(302_000);
    assertThat(metrics.sum("stopped")).isEqualTo(3);
    assertThat(metrics.sum("lag")).isZero();
  }
}
