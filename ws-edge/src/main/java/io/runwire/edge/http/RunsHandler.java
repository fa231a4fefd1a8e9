package io.runwire.edge.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.runwire.edge.access.Action;
import io.runwire.edge.access.Grants;
import io.runwire.edge.access.TokenVerifier;
import io.runwire.event.Ids;
import io.runwire.frame.ErrorCode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Runs and their status, asked of the processor and reduced to what the token may see: {@code GET
 * /v1/runs}, {@code /v1/runs/{run}}, {@code /v1/threads/{thread}/runs}. Thread-safe.
 */
public final class RunsHandler {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** Questions of one user on their way, of the 256 of all; one more is refused. */
  private static final int MAX_PER_USER = 16;

  /** What a row shows outside; the processor's carry offsets, too. */
  private static final Set<String> PUBLIC =
      Set.of(
          "run", "thread", "attempt", "status", "startedAt", "endedAt", "events", "error", "agent");

  /** Says that not all of the ledger was looked at: there may be more runs than these. */
  private static final String PARTIAL = "partial";

  private final LedgerClient ledger;
  private final TokenVerifier verifier;

  /** Questions on their way, by user. */
  private final Map<String, Integer> asking = new ConcurrentHashMap<>();

  public RunsHandler(LedgerClient ledger, TokenVerifier verifier) {
    this.ledger = ledger;
    this.verifier = verifier;
  }

  void list(Request request, Response response, Callback callback) {
    RunsFilter wanted;
    try {
      wanted = RunsFilter.parse(Request.extractQueryParameters(request));
    } catch (RunsFilter.MalformedException e) {
      Problem.write(response, callback, ErrorCode.BAD_REQUEST, e.detail());
      return;
    }
    Optional<Grants> grants = granted(request, response, callback);
    if (grants.isPresent()) {
      // More than asked for, since the token may not cover all of them.
      answer(
          grants.get(),
          "/v1/runs?" + wanted.query(RunsFilter.MAX_LIMIT),
          json -> rows(json, grants.get(), wanted.limit()),
          response,
          callback);
    }
  }

  void ofThread(String thread, Request request, Response response, Callback callback) {
    Optional<Grants> grants = granted(request, response, callback);
    if (grants.isEmpty()) {
      return;
    }
    if (!Ids.valid(thread)) {
      Problem.write(response, callback, ErrorCode.BAD_REQUEST, "thread: not an id");
      return;
    }
    if (!grants.get().allows(Action.LEDGER, thread)) {
      Problem.write(response, callback, ErrorCode.FORBIDDEN, "ledger is not granted");
      return;
    }
    answer(
        grants.get(),
        "/v1/threads/" + thread + "/runs?limit=" + RunsFilter.MAX_LIMIT,
        json -> rows(json, grants.get(), RunsFilter.MAX_LIMIT),
        response,
        callback);
  }

  void one(String run, Request request, Response response, Callback callback) {
    Optional<Grants> grants = granted(request, response, callback);
    if (grants.isEmpty()) {
      return;
    }
    if (!Ids.valid(run)) {
      Problem.write(response, callback, ErrorCode.BAD_REQUEST, "run: not an id");
      return;
    }
    // A run of somebody else's thread looks like no run at all.
    answer(
        grants.get(),
        "/v1/runs/" + run,
        json ->
            Optional.of(json)
                .filter(row -> grants.get().allows(Action.LEDGER, row.path("thread").asText()))
                .map(RunsHandler::outside),
        response,
        callback);
  }

  private Optional<Grants> granted(Request request, Response response, Callback callback) {
    Optional<Grants> grants = Bearer.grants(verifier, request, response, callback);
    if (grants.isPresent() && !grants.get().allowsSome(Action.LEDGER)) {
      Problem.write(response, callback, ErrorCode.FORBIDDEN, "ledger is not granted");
      return Optional.empty();
    }
    return grants;
  }

  private void answer(
      Grants by,
      String question,
      Function<JsonNode, Optional<? extends JsonNode>> shape,
      Response response,
      Callback callback) {
    String user = by.subject();
    if (asking.merge(user, 1, Integer::sum) > MAX_PER_USER) {
      answered(user);
      Problem.write(
          response, callback, ErrorCode.TOO_MANY_REQUESTS, "too many questions of one user");
      return;
    }
    // A ledger that answers in another shape than ours is as good as away.
    ledger
        .get(question)
        .<Optional<? extends JsonNode>>thenApply(json -> json.flatMap(shape))
        .whenComplete(
            (shaped, failure) -> {
              answered(user);
              if (shaped == null) {
                Problem.write(response, callback, ErrorCode.LEDGER_UNAVAILABLE, "try again soon");
              } else if (shaped.isEmpty()) {
                Problem.write(response, callback, ErrorCode.NOT_FOUND, "no such run");
              } else {
                response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
                response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
                Content.Sink.write(response, true, shaped.get().toString(), callback);
              }
            });
  }

  private void answered(String user) {
    asking.computeIfPresent(user, (who, n) -> n == 1 ? null : n - 1);
  }

  private static Optional<JsonNode> rows(JsonNode answer, Grants grants, int limit) {
    ObjectNode shaped = MAPPER.createObjectNode();
    ArrayNode rows = shaped.putArray("runs");
    for (JsonNode row : answer.path("runs")) {
      if (rows.size() < limit && grants.allows(Action.LEDGER, row.path("thread").asText())) {
        rows.add(outside(row));
      }
    }
    // As many as it gives, and too few of them for this token: there may be more of its own.
    boolean cut = answer.path("runs").size() >= RunsFilter.MAX_LIMIT && rows.size() < limit;
    if (cut || answer.path(PARTIAL).asBoolean()) {
      shaped.put(PARTIAL, true);
    }
    return Optional.of(shaped);
  }

  private static ObjectNode outside(JsonNode row) {
    return row.<ObjectNode>deepCopy().retain(PUBLIC);
  }
}
