package io.runwire.edge.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.event.Ids;
import io.runwire.frame.ErrorCode;
import io.runwire.topic.ThreadPartitioner;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** The HTTP paths below {@code /v1}, by name. */
public final class ApiHandler extends Handler.Abstract.NonBlocking {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final SseHandler sse;
  private final ReplayHandler replay;
  private final RunsHandler runs;
  private final int partitions;

  /**
   * @param partitions of thread-events
   */
  public ApiHandler(SseHandler sse, ReplayHandler replay, RunsHandler runs, int partitions) {
    this.sse = sse;
    this.replay = replay;
    this.runs = runs;
    this.partitions = partitions;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    // Decoded and without dot segments; what cannot be decoded safely, Jetty has refused.
    String target = Request.getPathInContext(request);
    if (target == null || !target.startsWith("/")) { // CONNECT host:port, OPTIONS *
      Problem.write(response, callback, ErrorCode.BAD_REQUEST, "no path");
      return true;
    }
    List<String> path = List.of(target.substring(1).split("/", -1));
    if (!path.get(0).equals("v1")) {
      return false;
    }
    if (!HttpMethod.GET.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET");
      Problem.write(response, callback, ErrorCode.METHOD_NOT_ALLOWED, "GET only");
      return true;
    }
    if (path.equals(List.of("v1", "ws"))) {
      upgradeRequired(response, callback);
    } else if (path.equals(List.of("v1", "route"))) {
      route(request, response, callback);
    } else if (path.equals(List.of("v1", "runs"))) {
      runs.list(request, response, callback);
    } else if (path.size() == 3 && path.get(1).equals("runs")) {
      runs.one(path.get(2), request, response, callback);
    } else if (path.size() == 4 && path.get(1).equals("threads")) {
      ofThread(path.get(2), path.get(3), request, response, callback);
    } else {
      notFound(response, callback);
    }
    return true;
  }

  private void ofThread(
      String thread, String what, Request request, Response response, Callback callback) {
    switch (what) {
      case "events" -> {
        if (ReplayHandler.accepts(request)) {
          replay.handle(thread, request, response, callback);
        } else {
          sse.handle(thread, request, response, callback);
        }
      }
      case "runs" -> runs.ofThread(thread, request, response, callback);
      default -> notFound(response, callback);
    }
  }

  private void route(Request request, Response response, Callback callback) {
    String thread = Request.extractQueryParameters(request).getValue("thread");
    if (thread == null || !Ids.valid(thread)) {
      Problem.write(response, callback, ErrorCode.BAD_REQUEST, "thread: not an id");
      return;
    }
    int partition = ThreadPartitioner.partition(thread, partitions);
    String json =
        MAPPER
            .createObjectNode()
            .put("thread", thread)
            .put("partition", partition)
            .put("partitions", partitions)
            .put("ws", "/v1/ws?p=" + partition)
            .put("sse", "/v1/threads/" + thread + "/events?p=" + partition)
            .toString();
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    Content.Sink.write(response, true, json, callback);
  }

  /** A handshake that is none, or of a version that we do not speak (RFC 6455 §4.4). */
  private static void upgradeRequired(Response response, Callback callback) {
    response
        .getHeaders()
        .put(HttpHeader.UPGRADE, "websocket")
        .put(HttpHeader.CONNECTION, "Upgrade")
        .put(HttpHeader.SEC_WEBSOCKET_VERSION, "13");
    Problem.write(response, callback, ErrorCode.UPGRADE_REQUIRED, "a WebSocket, version 13");
  }

  private static void notFound(Response response, Callback callback) {
    Problem.write(response, callback, ErrorCode.NOT_FOUND, "no such path");
  }
}
