package io.runwire.edge.http;

import io.runwire.edge.access.Admission;
import io.runwire.edge.access.Admission.Admitted;
import io.runwire.edge.access.Admission.Decision;
import io.runwire.edge.access.Admission.Denied;
import io.runwire.edge.access.Grants;
import io.runwire.edge.access.TokenVerifier;
import io.runwire.edge.bounds.Deadlines;
import io.runwire.edge.bounds.Place;
import io.runwire.edge.bounds.Places;
import io.runwire.edge.bounds.Refusal;
import io.runwire.edge.hub.Connection;
import io.runwire.edge.hub.Hub;
import io.runwire.frame.ClientFrame.Subscribe;
import io.runwire.frame.ErrorCode;
import io.runwire.frame.ServerFrame;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** {@code GET /v1/threads/{thread}/events} as server-sent events. Stateless. */
public final class SseHandler {
  private final Hub hub;
  private final TokenVerifier verifier;
  private final Places places;
  private final Deadlines deadlines;
  private final Clock clock;
  private final Duration heartbeat;
  private final Duration resumeWithin;

  public SseHandler(
      Hub hub,
      TokenVerifier verifier,
      Places places,
      Deadlines deadlines,
      Clock clock,
      Duration heartbeat,
      Duration resumeWithin) {
    this.hub = hub;
    this.verifier = verifier;
    this.places = places;
    this.deadlines = deadlines;
    this.clock = clock;
    this.heartbeat = heartbeat;
    this.resumeWithin = resumeWithin;
  }

  /** Answers for a thread that the path named. */
  void handle(String thread, Request request, Response response, Callback callback) {
    Optional<Grants> grants = Bearer.grants(verifier, request, response, callback);
    if (grants.isEmpty()) {
      return;
    }
    Subscribe subscribe;
    boolean enveloped;
    Optional<String> place;
    try {
      Fields query = Request.extractQueryParameters(request);
      enveloped = SubscriptionQuery.flag(query, "envelope");
      place = SubscriptionQuery.place(query);
      subscribe =
          SubscriptionQuery.parse(
              thread, query, Optional.ofNullable(request.getHeaders().get("Last-Event-ID")));
    } catch (SubscriptionQuery.MalformedException e) {
      Problem.write(response, callback, ErrorCode.BAD_REQUEST, e.detail());
      return;
    }
    Decision decision = Admission.decide(subscribe, grants.get(), resumeWithin);
    if (decision instanceof Denied denied) {
      Problem.write(response, callback, denied.code(), denied.message());
    } else if (decision instanceof Admitted admitted) {
      SseForm form = enveloped ? SseForm.enveloped(heartbeat) : SseForm.bare();
      SseOutlet outlet = new SseOutlet(response, callback, subscribe.run(), form);
      stream(subscribe, admitted, grants.get(), place, outlet, request);
    }
  }

  private void stream(
      Subscribe subscribe,
      Admitted admitted,
      Grants grants,
      Optional<String> name,
      SseOutlet outlet,
      Request request) {
    Connection connection = hub.connect(outlet);
    Place place =
        new Place(
            Place.Kind.SSE, ClientNetwork.of(request), name, connection::close, connection::send);
    Optional<Refusal> refusal = places.settle(place, grants.subject());
    if (refusal.isPresent()) { // as a problem document, since nothing has been written yet
      connection.send(
          new ServerFrame.Error(null, null, refusal.get().error(), refusal.get().detail()));
      return;
    }
    SseStream stream =
        new SseStream(
            connection,
            heartbeat,
            Duration.between(clock.instant(), grants.expiresAt()),
            deadlines.nowNanos());
    deadlines.watch(stream);
    Request.addCompletionListener(
        request,
        failure -> {
          deadlines.forget(stream);
          places.leave(place);
          connection.closed();
        });
    connection.readAs(grants.subject());
    connection.subscribe(0, subscribe.thread(), subscribe.run(), admitted.start());
  }
}
