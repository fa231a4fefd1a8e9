package io.runwire.processor.http;

import io.runwire.frame.ErrorCode;
import java.util.Map;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Refuses a request; the peer reads it as a problem document (RFC 9457) with a stable code. */
final class Problem extends Exception {
  private static final String MEDIA_TYPE = "application/problem+json";

  private final ErrorCode code;
  private final int status;
  private final String detail;

  Problem(ErrorCode code, String detail) {
    this(code, code.httpStatus(), detail);
  }

  private Problem(ErrorCode code, int status, String detail) {
    super(detail, null, false, false);
    this.code = code;
    this.status = status;
    this.detail = detail;
  }

  static Problem badRequest(String detail) {
    return new Problem(ErrorCode.BAD_REQUEST, detail);
  }

  void send(Response response, Callback callback) {
    if (code == ErrorCode.METHOD_NOT_ALLOWED) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
    }
    Map<String, Object> document =
        Map.of("title", code.name(), "status", status, "code", code.name(), "detail", detail);
    Body.send(response, status, MEDIA_TYPE, Body.json(document), callback);
  }

  /** What Jetty itself refuses: a bad request line, headers too long, an exception. */
  static boolean sendForJetty(Request request, Response response, Callback callback) {
    int status =
        request.getAttribute(ErrorHandler.ERROR_STATUS) instanceof Integer known ? known : 500;
    ErrorCode code = status < 500 ? ErrorCode.BAD_REQUEST : ErrorCode.INTERNAL;
    new Problem(code, status, "the request was refused").send(response, callback);
    return true;
  }
}
