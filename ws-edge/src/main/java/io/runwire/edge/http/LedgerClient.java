package io.runwire.edge.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig.SlidingWindowType;
import io.runwire.edge.hub.LedgerUnavailableException;
import io.runwire.edge.hub.OpenRuns;
import io.runwire.edge.hub.RunSpan;
import io.runwire.edge.settings.LedgerSettings;
import io.runwire.edge.time.SteadyClock;
import io.runwire.fold.Fold;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Asks the processor for runs. Every question has a deadline, so many may be on their way, and who
 * asks what somebody is asking already gets the same answer. After five failures in a row nothing
 * is asked for a while: who asks then is told at once. Thread-safe.
 */
public final class LedgerClient implements OpenRuns {
  /** Different questions on their way; more are refused. */
  private static final int MAX_OUTSTANDING = 256;

  private static final int FAILURES_TO_OPEN = 5;
  private static final Duration OPEN = Duration.ofSeconds(2);
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private static final Pattern DOTS = Pattern.compile("/\\.{1,2}(?=[/?]|$)");

  private final LedgerSettings ledger;
  private final CircuitBreaker breaker;
  private final Map<String, CompletableFuture<Optional<JsonNode>>> outstanding =
      new ConcurrentHashMap<>();
  private final Semaphore places = new Semaphore(MAX_OUTSTANDING);
  private final HttpClient http;

  public LedgerClient(LedgerSettings ledger) {
    this(ledger, new SteadyClock());
  }

  LedgerClient(LedgerSettings ledger, Clock clock) {
    this.ledger = ledger;
    this.http = HttpClient.newBuilder().connectTimeout(ledger.deadline()).build();
    this.breaker =
        CircuitBreaker.of(
            "ledger",
            CircuitBreakerConfig.custom()
                .slidingWindowType(SlidingWindowType.COUNT_BASED)
                .slidingWindowSize(FAILURES_TO_OPEN)
                .minimumNumberOfCalls(FAILURES_TO_OPEN)
                .failureRateThreshold(100)
                .waitDurationInOpenState(OPEN)
                .permittedNumberOfCallsInHalfOpenState(1)
                .maxWaitDurationInHalfOpenState(ledger.deadline().multipliedBy(2))
                .clock(clock)
                .currentTimestampFunction(Clock::millis, TimeUnit.MILLISECONDS)
                .build());
  }

  /**
   * The answer to a path and query; empty where there is no such thing. Fails with {@link
   * LedgerUnavailableException}.
   */
  CompletionStage<Optional<JsonNode>> get(String pathAndQuery) {
    if (DOTS.matcher(pathAndQuery).find()) { // an id to us, and another path to the ledger
      return CompletableFuture.completedStage(Optional.empty());
    }
    CompletableFuture<Optional<JsonNode>> mine = new CompletableFuture<>();
    CompletableFuture<Optional<JsonNode>> same = outstanding.putIfAbsent(pathAndQuery, mine);
    if (same != null) {
      return same;
    }
    var unused =
        guarded(pathAndQuery)
            .whenComplete(
                (answer, failure) -> {
                  outstanding.remove(pathAndQuery, mine);
                  if (answer == null) {
                    mine.completeExceptionally(failure);
                  } else {
                    mine.complete(answer);
                  }
                });
    return mine;
  }

  private CompletionStage<Optional<JsonNode>> guarded(String pathAndQuery) {
    if (!places.tryAcquire()) {
      return CompletableFuture.failedStage(away("too many questions"));
    }
    if (!breaker.tryAcquirePermission()) {
      places.release();
      return CompletableFuture.failedStage(away("it did not answer, and is asked again soon"));
    }
    long beganNs = System.nanoTime();
    return ask(pathAndQuery)
        .whenComplete(
            (answer, failure) -> {
              places.release();
              long tookNs = System.nanoTime() - beganNs;
              if (failure == null) {
                breaker.onSuccess(tookNs, TimeUnit.NANOSECONDS);
              } else {
                breaker.onError(tookNs, TimeUnit.NANOSECONDS, failure);
              }
            });
  }

  private CompletionStage<Optional<JsonNode>> ask(String pathAndQuery) {
    HttpRequest request =
        HttpRequest.newBuilder(ledger.url().resolve(pathAndQuery))
            .timeout(ledger.deadline())
            .GET()
            .build();
    CompletableFuture<HttpResponse<String>> sent =
        http.sendAsync(request, HttpResponse.BodyHandlers.ofString());
    // The request's own timeout ends with the head of the answer.
    return sent.copy()
        .orTimeout(ledger.deadline().toMillis(), TimeUnit.MILLISECONDS)
        .handle(
            (response, failure) -> {
              if (response == null) {
                sent.cancel(true);
                throw away("no answer: " + failure);
              }
              // What it calls a bad question is no fault of the ledger's: there is no such thing.
              if (response.statusCode() == 404 || response.statusCode() == 400) {
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
        .thenApply(answer -> openFrom(answer.orElseThrow(() -> away("no such thread"))));
  }

  /** Where a run lies; empty where the ledger does not know it, or knows it of another thread. */
  CompletionStage<Optional<RunSpan>> span(String thread, String run) {
    return get("/v1/runs/" + run)
        .thenApply(
            row ->
                row.filter(found -> found.path("thread").asText().equals(thread))
                    .map(LedgerClient::span));
  }

  private static RunSpan span(JsonNode row) {
    long sourceFloor = Math.max(Fold.NO_FLOOR, number(row, "firstSourceOffset", -1) - 1);
    return new RunSpan(
        number(row, "firstOffset", 0),
        sourceFloor,
        isOpen(row) ? OptionalLong.empty() : OptionalLong.of(number(row, "lastOffset", 0)));
  }

  private static boolean isOpen(JsonNode row) {
    return row.path("endedAt").isNull() || row.path("endedAt").isMissingNode();
  }

  private static Start openFrom(JsonNode answer) {
    long offset = number(answer, "position", 0);
    long sourceFloor = number(answer, "sourceFloor", Fold.NO_FLOOR);
    for (JsonNode run : answer.path("runs")) {
      if (isOpen(run) && number(run, "firstOffset", 0) < offset) {
        offset = number(run, "firstOffset", 0);
        sourceFloor = Math.max(Fold.NO_FLOOR, number(run, "firstSourceOffset", -1) - 1);
      }
    }
    return new Start(offset, sourceFloor);
  }

  /** A guess would read from a wrong place, perhaps one that the reader may not see. */
  private static long number(JsonNode json, String name, long least) {
    JsonNode number = json.path(name);
    if (!number.isIntegralNumber() || !number.canConvertToLong() || number.asLong() < least) {
      throw away(name + " is not what it should be");
    }
    return number.asLong();
  }

  private static JsonNode parse(String body) {
    try {
      JsonNode json = MAPPER.readTree(body);
      if (json.isObject()) {
        return json;
      }
    } catch (JsonProcessingException notJson) {
      // Falls through to the one message.
    }
    throw away("not a JSON object");
  }

  private static CompletionException away(String why) {
    return new CompletionException(new LedgerUnavailableException("ledger: " + why));
  }
}
