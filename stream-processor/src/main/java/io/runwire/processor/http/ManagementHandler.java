package io.runwire.processor.http;

import io.runwire.frame.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** {@code /livez}, {@code /readyz} and {@code /metrics}. */
public final class ManagementHandler extends Handler.Abstract {
  private static final String PLAIN = "text/plain;charset=utf-8";
  private static final String PROMETHEUS = "text/plain;version=0.0.4;charset=utf-8";

  private final BooleanSupplier live;
  private final BooleanSupplier ready;
  private final Supplier<String> metrics;

  /**
   * @param live false once only a restart can help
   * @param ready whether records are being routed
   * @param metrics in Prometheus' text format
   */
  public ManagementHandler(BooleanSupplier live, BooleanSupplier ready, Supplier<String> metrics) {
    this.live = live;
    this.ready = ready;
    this.metrics = metrics;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
      new Problem(ErrorCode.METHOD_NOT_ALLOWED, "expected: GET").send(response, callback);
      return true;
    }
    switch (request.getHttpURI().getCanonicalPath()) {
      case "/livez" -> probe(live.getAsBoolean(), response, callback);
      case "/readyz" -> probe(ready.getAsBoolean(), response, callback);
      case "/metrics" -> text(200, PROMETHEUS, metrics.get(), response, callback);
      default -> new Problem(ErrorCode.NOT_FOUND, "no such path").send(response, callback);
    }
    return true;
  }

  private static void probe(boolean good, Response response, Callback callback) {
    text(good ? 200 : 503, PLAIN, good ? "ok\n" : "not now\n", response, callback);
  }

  private static void text(
      int status, String mediaType, String text, Response response, Callback callback) {
    Body.send(response, status, mediaType, text.getBytes(StandardCharsets.UTF_8), callback);
  }
}
