package io.runwire.edge.http;

import io.runwire.edge.access.Admission;
import io.runwire.edge.access.Admission.Admitted;
import io.runwire.edge.access.Admission.Decision;
import io.runwire.edge.access.Admission.Denied;
import io.runwire.edge.access.Grants;
import io.runwire.edge.access.TokenVerifier;
import io.runwire.edge.hub.Connection;
import io.runwire.edge.hub.Hub;
import io.runwire.frame.ClientFrame.Subscribe;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ErrorCode;
import io.runwire.frame.ServerFrame;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** {@code GET /v1/threads/{thread}/events} as server-sent events. Stateless. */
public final class SseHandler {
  private static final String NDJSON = "application/x-ndjson";

  private final Hub hub;
  private final TokenVerifier verifier;
  private final Clock clock;
  private final ScheduledExecutorService timer;
  private final Duration heartbeat;
  private final Duration resumeWithin;

  public SseHandler(
      Hub hub,
      TokenVerifier verifier,
      Clock clock,
      ScheduledExecutorService timer,
      Duration heartbeat,
      Duration resumeWithin) {
    this.hub = hub;
    this.verifier = verifier;
    this.clock = clock;
    this.timer = timer;
    this.heartbeat = heartbeat;
    this.resumeWithin = resumeWithin;
  }

  /** Answers for a thread that the path named. */
  void handle(String thread, Request request, Response response, Callback callback) {
    String accept = Optional.ofNullable(request.getHeaders().get(HttpHeader.ACCEPT)).orElse("*/*");
    if (accept.contains(NDJSON)) {
      Problem.write(response, callback, ErrorCode.NOT_ACCEPTABLE, "text/event-stream only");
      return;
    }
    Optional<Grants> grants = Bearer.grants(verifier, request, response, callback);
    if (grants.isEmpty()) {
      return;
    }
    Subscribe subscribe;
    boolean enveloped;
    try {
      Fields query = Request.extractQueryParameters(request);
      enveloped = SubscriptionQuery.flag(query, "envelope");
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
      stream(subscribe, admitted, grants.get(), outlet, request);
    }
  }

  private void stream(
      Subscribe subscribe, Admitted admitted, Grants grants, SseOutlet outlet, Request request) {
    Connection connection = hub.connect(outlet);
    ScheduledFuture<?> beat =
        timer.scheduleWithFixedDelay(
            () -> connection.send(new ServerFrame.Pong()),
            heartbeat.toMillis(),
            heartbeat.toMillis(),
            TimeUnit.MILLISECONDS);
    ScheduledFuture<?> expiry =
        timer.schedule(
            () -> connection.close(CloseCode.TOKEN_EXPIRED),
            Math.max(0, Duration.between(clock.instant(), grants.expiresAt()).toMillis()),
            TimeUnit.MILLISECONDS);
    Request.addCompletionListener(
        request,
        failure -> {
          beat.cancel(false);
          expiry.cancel(false);
          connection.closed();
        });
    connection.readAs(grants.subject());
    connection.subscribe(0, subscribe.thread(), subscribe.run(), admitted.start());
  }
}
