package io.runwire.edge.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.runwire.edge.http.Problem;
import io.runwire.event.Ids;
import io.runwire.frame.ErrorCode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * {@code /console/config.json}, and on a development edge {@code /console/token} and {@code
 * /console/demo-runs}. These hand out rights for the asking, so other pages than the edge's own are
 * refused.
 */
public final class PlaygroundHandler extends Handler.Abstract {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder().disable(MapperFeature.ALLOW_COERCION_OF_SCALARS).build();
  private static final Duration MAX_TTL = Duration.ofHours(1);
  private static final String SUBJECT = "developer";
  private static final int SHORT_ID = 6;
  private static final int MAX_BODY = 8 << 10;
  private static final int MAX_QUESTION = 1_000;

  /**
   * Addresses and localhost. Whoever owns another name can have it mean this machine, and his page
   * is then of the same origin (DNS rebinding).
   */
  private static final Pattern NOBODYS_NAME =
      Pattern.compile("(localhost|[0-9.]+|\\[[0-9A-Fa-f:.]+])(:[0-9]+)?");

  private static final String OWN_PAGES_ONLY =
      "for the edge's own pages only, under localhost or an address";

  private record TokenRequest(
      @Nullable String subject,
      @Nullable Long ttlSeconds,
      @Nullable List<String> threads,
      @Nullable List<String> actions) {
    static final String FORM = "expected {subject?, ttlSeconds?, threads?: […], actions?: […]}";
  }

  private record DemoRequest(@Nullable String question, @Nullable String thread) {
    static final String FORM = "expected {question: 1.." + MAX_QUESTION + " chars, thread?: an id}";
  }

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
      Problem.write(response, callback, ErrorCode.NOT_FOUND, "development only");
    } else if (!HttpMethod.POST.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "POST");
      Problem.write(response, callback, ErrorCode.METHOD_NOT_ALLOWED, "POST only");
    } else if (fromElsewhere(request)) {
      Problem.write(response, callback, ErrorCode.FORBIDDEN, OWN_PAGES_ONLY);
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
      throws IOException {
    boolean forToken = path.equals("/console/token");
    Optional<ObjectNode> answer =
        forToken
            ? body(request, TokenRequest.class).flatMap(asked -> token(playground, asked))
            : body(request, DemoRequest.class).flatMap(asked -> demoRun(playground, asked));
    if (answer.isEmpty()) {
      Problem.write(
          response,
          callback,
          ErrorCode.BAD_REQUEST,
          forToken ? TokenRequest.FORM : DemoRequest.FORM);
    } else {
      int status = forToken ? HttpStatus.OK_200 : HttpStatus.ACCEPTED_202;
      json(response, callback, status, answer.get());
    }
  }

  private static Optional<ObjectNode> token(Playground playground, TokenRequest asked) {
    String subject = orElse(asked.subject, SUBJECT);
    long seconds = Math.max(1, Math.min(orElse(asked.ttlSeconds, 900L), MAX_TTL.toSeconds()));
    if (subject.isBlank()) {
      return Optional.empty();
    }
    Playground.Token token =
        playground.token(
            subject,
            Duration.ofSeconds(seconds),
            orElse(asked.threads, List.of("*")),
            orElse(asked.actions, List.of("subscribe", "history", "ledger")));
    return Optional.of(
        MAPPER
            .createObjectNode()
            .put("token", token.token())
            .put("exp", token.expiresAt().getEpochSecond()));
  }

  private static Optional<ObjectNode> demoRun(Playground playground, DemoRequest asked) {
    String question = orElse(asked.question, "").strip();
    String thread = orElse(asked.thread, shortThread());
    if (question.isEmpty() || question.length() > MAX_QUESTION || !Ids.valid(thread)) {
      return Optional.empty();
    }
    Playground.DemoRun run = playground.start(question, thread);
    return Optional.of(MAPPER.createObjectNode().put("thread", run.thread()).put("run", run.run()));
  }

  /** Short enough to be read out; the demo's threads need not be unguessable. */
  private static String shortThread() {
    return Ids.random("demo").substring(0, "demo-".length() + SHORT_ID).replace('-', '.');
  }

  private static boolean fromElsewhere(Request request) {
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    String host = request.getHeaders().get(HttpHeader.HOST);
    if (origin == null) {
      return false; // no page of a browser's
    }
    boolean same = origin.equals("http://" + host) || origin.equals("https://" + host);
    return !same || host == null || !NOBODYS_NAME.matcher(host).matches();
  }

  private static <T> Optional<T> body(Request request, Class<T> form) throws IOException {
    byte[] bytes = Content.Source.asInputStream(request).readNBytes(MAX_BODY + 1);
    if (bytes.length > MAX_BODY) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(MAPPER.readValue(bytes, form));
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  private static <T> T orElse(@Nullable T given, T otherwise) {
    return given == null ? otherwise : given;
  }

  private static void json(Response response, Callback callback, int status, ObjectNode body) {
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
    Content.Sink.write(response, true, body.toString(), callback);
  }
}
