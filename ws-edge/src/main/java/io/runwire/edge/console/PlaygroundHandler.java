package io.runwire.edge.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.runwire.edge.http.Problem;
import io.runwire.event.Ids;
import io.runwire.frame.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * {@code /console/config.json}, and on a development edge {@code /console/token} and {@code
 * /console/demo-runs}. These hand out rights for the asking, so pages of other origins are refused.
 */
public final class PlaygroundHandler extends Handler.Abstract {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration MAX_TTL = Duration.ofHours(1);
  private static final int MAX_BODY = 8 << 10;
  private static final int MAX_QUESTION = 1_000;

  private final Optional<Playground> playground;

  public PlaygroundHandler(Optional<Playground> playground) {
    this.playground = playground;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    String path = request.getHttpURI().getPath();
    if (path.equals("/console/config.json")) {
      config(response, callback);
      return true;
    }
    boolean ours = path.equals("/console/token") || path.equals("/console/demo-runs");
    if (!ours) {
      return false;
    }
    if (playground.isEmpty()) {
      Problem.write(request, response, callback, ErrorCode.NOT_FOUND, "development only");
    } else if (!HttpMethod.POST.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "POST");
      Problem.write(request, response, callback, ErrorCode.METHOD_NOT_ALLOWED, "POST only");
    } else if (fromElsewhere(request)) {
      Problem.write(request, response, callback, ErrorCode.FORBIDDEN, "same origin only");
    } else {
      post(path, playground.get(), request, response, callback);
    }
    return true;
  }

  private void config(Response response, Callback callback) {
    ObjectNode config = MAPPER.createObjectNode();
    config.put("development", playground.isPresent());
    config.put("demo", playground.isPresent());
    List<String> edges = playground.map(Playground::edges).orElse(List.of());
    edges.forEach(config.putArray("edges")::add);
    json(response, callback, HttpStatus.OK_200, config);
  }

  private static void post(
      String path, Playground playground, Request request, Response response, Callback callback)
      throws Exception {
    Optional<JsonNode> body = body(request);
    if (body.isEmpty()) {
      Problem.write(request, response, callback, ErrorCode.BAD_REQUEST, "expected a JSON object");
    } else if (path.equals("/console/token")) {
      token(playground, body.get(), response, callback);
    } else {
      demoRun(playground, body.get(), request, response, callback);
    }
  }

  private static void token(
      Playground playground, JsonNode body, Response response, Callback callback) {
    long seconds = Math.max(1, Math.min(body.path("ttlSeconds").asLong(900), MAX_TTL.toSeconds()));
    Playground.Token token =
        playground.token(
            Duration.ofSeconds(seconds),
            strings(body.path("threads"), List.of("*")),
            strings(body.path("actions"), List.of("subscribe", "history", "ledger")));
    json(
        response,
        callback,
        HttpStatus.OK_200,
        MAPPER
            .createObjectNode()
            .put("token", token.token())
            .put("exp", token.expiresAt().getEpochSecond()));
  }

  private static void demoRun(
      Playground playground, JsonNode body, Request request, Response response, Callback callback) {
    String question = body.path("question").asText().strip();
    String thread = body.path("thread").asText(Ids.random("demo.chat"));
    if (question.isEmpty() || question.length() > MAX_QUESTION || !Ids.valid(thread)) {
      Problem.write(
          request,
          response,
          callback,
          ErrorCode.BAD_REQUEST,
          "question: expected 1.." + MAX_QUESTION + " chars; thread: an id");
      return;
    }
    Playground.DemoRun run = playground.start(question, thread);
    json(
        response,
        callback,
        HttpStatus.ACCEPTED_202,
        MAPPER.createObjectNode().put("thread", run.thread()).put("run", run.run()));
  }

  private static boolean fromElsewhere(Request request) {
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    String host = request.getHeaders().get(HttpHeader.HOST);
    return origin != null && !origin.equals("http://" + host) && !origin.equals("https://" + host);
  }

  private static Optional<JsonNode> body(Request request) throws Exception {
    if (request.getLength() > MAX_BODY) {
      return Optional.empty();
    }
    try {
      JsonNode json = MAPPER.readTree(Content.Source.asString(request));
      return Optional.of(json).filter(JsonNode::isObject);
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static List<String> strings(JsonNode array, List<String> otherwise) {
    if (!array.isArray()) {
      return otherwise;
    }
    List<String> strings = new ArrayList<>();
    array.forEach(item -> strings.add(item.asText()));
    return strings;
  }

  private static void json(Response response, Callback callback, int status, ObjectNode body) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    Content.Sink.write(response, true, body.toString(), callback);
  }
}
