package io.runwire.edge.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.runwire.edge.hub.LedgerUnavailableException;
import io.runwire.edge.hub.OpenRuns;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Asks the processor for runs. Thread-safe; every question has a deadline. */
public final class LedgerClient implements OpenRuns {
  private static final Duration DEADLINE = Duration.ofSeconds(2);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final URI ledger;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(DEADLINE).build();

  /**
   * @param ledger the processor's address, without a path
   */
  public LedgerClient(URI ledger) {
    this.ledger = ledger;
  }

  /**
   * The answer to a path and query; empty where there is no such thing. Fails with {@link
   * LedgerUnavailableException}.
   */
  CompletionStage<Optional<JsonNode>> get(String pathAndQuery) {
    HttpRequest request =
        HttpRequest.newBuilder(ledger.resolve(pathAndQuery)).timeout(DEADLINE).GET().build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .handle(
            (response, failure) -> {
              if (response == null) {
                throw away("no answer: " + failure);
              }
              if (response.statusCode() == 404) {
                return Optional.empty();
              }
              if (response.statusCode() != 200) {
                throw away("status " + response.statusCode());
              }
              return Optional.of(parse(response.body()));
            });
  }

  /**
   * Where the thread's open runs begin: the first of them, or what the ledger has not folded yet,
   * whichever comes first. So a run that started a moment ago is not missed.
   */
  @Override
  public CompletionStage<Start> start(String thread) {
    return get("/v1/threads/" + thread + "/runs?status=RUNNING,RETRYING&limit=500")
        .thenCompose(
            answer ->
                answer
                    .map(json -> CompletableFuture.completedStage(openFrom(json)))
                    .orElseGet(() -> CompletableFuture.failedStage(away("no such thread"))));
  }

  private static Start openFrom(JsonNode answer) {
    long offset = answer.path("position").asLong();
    long sourceFloor = answer.path("sourceFloor").asLong(-1);
    for (JsonNode run : answer.path("runs")) {
      boolean going = run.path("endedAt").isNull() || run.path("endedAt").isMissingNode();
      if (going && run.path("firstOffset").asLong() < offset) {
        offset = run.path("firstOffset").asLong();
        sourceFloor = run.path("firstSourceOffset").asLong() - 1;
      }
    }
    return new Start(offset, sourceFloor);
  }

  private static JsonNode parse(String body) {
    try {
      return MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      throw away("not JSON");
    }
  }

  private static CompletionException away(String why) {
    return new CompletionException(new LedgerUnavailableException("ledger: " + why));
  }
}
