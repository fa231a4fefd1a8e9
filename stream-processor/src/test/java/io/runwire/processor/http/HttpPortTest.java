package io.runwire.processor.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class HttpPortTest {
  private final AtomicBoolean good = new AtomicBoolean(true);

  private ManagementHandler handler() {
    return new ManagementHandler(good::get, good::get, () -> "runwire_router_accepted_total 1.0\n");
  }

  @Test
  void answersProbesAndMetrics() throws Exception {
    try (HttpPort port = HttpPort.open("management.port", "127.0.0.1", 0, handler())) {
      assertThat(get(port, "/livez").statusCode()).isEqualTo(200);
      assertThat(get(port, "/readyz").body()).isEqualTo("ok\n");
      assertThat(get(port, "/metrics").body()).isEqualTo("runwire_router_accepted_total 1.0\n");
      assertThat(get(port, "/").statusCode()).isEqualTo(404);
      good.set(false);
      assertThat(get(port, "/livez").statusCode()).isEqualTo(503);
      assertThat(get(port, "/readyz").statusCode()).isEqualTo(503);
    }
  }

  @Test
  void namesTheSettingOfAPortThatIsTaken() {
    try (HttpPort first = HttpPort.open("management.port", "127.0.0.1", 0, handler())) {
      assertThatThrownBy(
              () -> HttpPort.open("management.port", "127.0.0.1", first.port(), handler()))
          .hasMessageContaining("management.port: 127.0.0.1:" + first.port())
          .hasMessageContaining("in use");
    }
  }

  private static HttpResponse<String> get(HttpPort port, String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port.port() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
