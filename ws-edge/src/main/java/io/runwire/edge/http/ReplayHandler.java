package io.runwire.edge.http;

import io.runwire.edge.access.Action;
import io.runwire.edge.access.Grants;
import io.runwire.edge.access.TokenVerifier;
import io.runwire.edge.bounds.Deadlines;
import io.runwire.edge.bounds.Place;
import io.runwire.edge.bounds.Places;
import io.runwire.edge.bounds.Refusal;
import io.runwire.edge.hub.Hub;
import io.runwire.edge.hub.Replay;
import io.runwire.edge.hub.ReplayRequest;
import io.runwire.edge.hub.RunSpan;
import io.runwire.edge.settings.RetrySettings;
import io.runwire.frame.ErrorCode;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * {@code GET /v1/threads/{thread}/events} as NDJSON: a thread, or a run of it, up to the end of the
 * log as it stands now. Needs the right to history, and that one only. Stateless.
 */
public final class ReplayHandler {
  private static final String NDJSON = "application/x-ndjson";

  private final Hub hub;
  private final LedgerClient ledger;
  private final TokenVerifier verifier;
  private final Places places;
  private final Deadlines deadlines;
  private final RetrySettings retries;
  private final ReplayMetrics metrics;
  private final Clock clock;

  /**
   * @param ledger is asked where a run lies; without its answer the whole stretch is read
   * @param retries how long a reader is waited for
   */
  public ReplayHandler(
      Hub hub,
      LedgerClient ledger,
      TokenVerifier verifier,
      Places places,
      Deadlines deadlines,
      RetrySettings retries,
      ReplayMetrics metrics,
      Clock clock) {
    this.hub = hub;
    this.ledger = ledger;
    this.verifier = verifier;
    this.places = places;
    this.deadlines = deadlines;
    this.retries = retries;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** Whether a replay is asked for. */
  static boolean accepts(Request request) {
    return Optional.ofNullable(request.getHeaders().get(HttpHeader.ACCEPT))
        .filter(accept -> accept.contains(NDJSON))
        .isPresent();
  }

  /** Answers for a thread that the path named. */
  void handle(String thread, Request request, Response response, Callback callback) {
    Optional<Grants> grants = Bearer.grants(verifier, request, response, callback);
    if (grants.isEmpty()) {
      return;
    }
    ReplayRequest wanted;
    try {
      wanted =
          ReplayQuery.parse(
              thread, Request.extractQueryParameters(request), grants.get().subject());
    } catch (ReplayQuery.RefusedException e) {
      Problem.write(response, callback, e.code(), e.detail());
      return;
    }
    if (!grants.get().allows(Action.HISTORY, thread)) {
      Problem.write(response, callback, ErrorCode.FORBIDDEN, "history is not granted");
      return;
    }
    ReplayStream stream =
        new ReplayStream(
            response,
            callback,
            retries,
            deadlines::nowNanos,
            Duration.between(clock.instant(), grants.get().expiresAt()),
            metrics);
    Place place =
        new Place(Place.Kind.REPLAY, ClientNetwork.of(request), stream::cutOff, nothingToSay -> {});
    Optional<Refusal> refusal = places.settle(place, grants.get().subject());
    if (refusal.isPresent()) {
      Problem.write(response, callback, refusal.get());
      return;
    }
    deadlines.watch(stream);
    Request.addCompletionListener(
        request,
        failure -> {
          deadlines.forget(stream);
          places.leave(place);
          stream.closed();
        });
    stream.begin(replay(wanted, request));
  }

  private CompletionStage<Replay> replay(ReplayRequest wanted, Request request) {
    return span(wanted)
        .thenComposeAsync(
            span -> hub.replay(wanted.within(span), request.getContext()), request.getContext());
  }

  private CompletionStage<Optional<RunSpan>> span(ReplayRequest wanted) {
    return wanted.run().isEmpty()
        ? CompletableFuture.completedStage(Optional.empty())
        : ledger.span(wanted.thread(), wanted.run().get()).exceptionally(away -> Optional.empty());
  }
}
