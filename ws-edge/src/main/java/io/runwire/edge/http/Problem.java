package io.runwire.edge.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.runwire.edge.bounds.Refusal;
import io.runwire.frame.ErrorCode;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Errors over HTTP: RFC 9457 documents with a stable {@code code}. */
public final class Problem {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Problem() {}

  /** Writes the whole response. */
  public static void write(Response response, Callback callback, ErrorCode code, String detail) {
    write(response, callback, code.httpStatus(), code, detail);
  }

  /** Says that there is no room. */
  public static void write(Response response, Callback callback, Refusal refusal) {
    write(response, callback, refusal.error(), refusal.detail());
  }

  /** What Jetty refuses by itself, in the same form; nothing of a failure's cause shows. */
  public static boolean writeRefusal(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    ErrorCode code =
        switch (status) {
          case HttpStatus.NOT_FOUND_404 -> ErrorCode.NOT_FOUND;
          case HttpStatus.METHOD_NOT_ALLOWED_405 -> ErrorCode.METHOD_NOT_ALLOWED;
          // A transfer coding or a version that nobody speaks is the peer's fault.
          case HttpStatus.NOT_IMPLEMENTED_501, HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505 ->
              ErrorCode.BAD_REQUEST;
          default -> HttpStatus.isServerError(status) ? ErrorCode.INTERNAL : ErrorCode.BAD_REQUEST;
        };
    write(response, callback, status, code, HttpStatus.getMessage(status));
    return true;
  }

  private static void write(
      Response response, Callback callback, int status, ErrorCode code, String detail) {
    ObjectNode problem =
        MAPPER
            .createObjectNode()
            .put("type", "about:blank")
            .put("title", HttpStatus.getMessage(status))
            .put("status", status)
            .put("code", code.name())
            .put("detail", detail);
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    if (status == HttpStatus.SERVICE_UNAVAILABLE_503
        || status == HttpStatus.TOO_MANY_REQUESTS_429) {
      response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
    }
    Content.Sink.write(response, true, problem.toString(), callback);
  }
}
