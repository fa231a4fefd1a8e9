package io.runwire.edge.socket;

import io.runwire.cursor.Cursor;
import io.runwire.edge.access.Action;
import io.runwire.edge.access.Admission;
import io.runwire.edge.access.Admission.Admitted;
import io.runwire.edge.access.Admission.Decision;
import io.runwire.edge.access.Admission.Denied;
import io.runwire.edge.access.Grants;
import io.runwire.edge.access.Verdict;
import io.runwire.edge.access.Verdict.Granted;
import io.runwire.edge.access.Verdict.Refused;
import io.runwire.edge.bounds.Place;
import io.runwire.edge.bounds.Refusal;
import io.runwire.edge.hub.Connection;
import io.runwire.frame.ClientFrame;
import io.runwire.frame.ClientFrame.Ack;
import io.runwire.frame.ClientFrame.Auth;
import io.runwire.frame.ClientFrame.Malformed;
import io.runwire.frame.ClientFrame.Ping;
import io.runwire.frame.ClientFrame.Subscribe;
import io.runwire.frame.ClientFrame.Unsubscribe;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ErrorCode;
import io.runwire.frame.ServerFrame;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client asks over its socket, and whether it may. What it is sent is the {@link
 * Connection}'s business. Belongs to the reading thread.
 */
final class Conversation {
  private static final Logger log = LoggerFactory.getLogger(Conversation.class);

  private final SocketHost host;
  private final Connection connection;
  private final Place place;
  private final SocketTimes times;
  private Optional<Subscribe> firstSubscription;
  private @Nullable Grants grants;
  private int badRequests;

  /**
   * @param firstSubscription made as soon as a token allows it
   */
  Conversation(
      SocketHost host,
      Connection connection,
      Place place,
      SocketTimes times,
      Optional<Subscribe> firstSubscription) {
    this.host = host;
    this.connection = connection;
    this.place = place;
    this.times = times;
    this.firstSubscription = firstSubscription;
  }

  /** Begins with what the handshake had to show. */
  void begin(Optional<Verdict> token) {
    if (token.isEmpty() || !opens(token.get())) {
      Optional<Refusal> refusal = host.places().enter(place);
      if (refusal.isPresent()) {
        connection.close(refusal.get().close());
        return;
      }
    }
    token.ifPresent(this::authenticate);
  }

  void hear(ClientFrame message) {
    if (message instanceof Auth auth) {
      authenticate(host.verifier().verify(auth.token()));
    } else if (message instanceof Malformed malformed) {
      refuse(malformed.id(), null, ErrorCode.BAD_REQUEST, malformed.detail());
    } else if (grants == null) {
      refuse(Optional.empty(), null, ErrorCode.UNAUTHENTICATED, "auth first");
    } else if (message instanceof Subscribe subscribe) {
      subscribe(subscribe, grants);
    } else if (message instanceof Unsubscribe unsubscribe) {
      connection.unsubscribe(unsubscribe.id(), unsubscribe.thread());
    } else if (message instanceof Ack ack) {
      acknowledge(ack);
    } else if (message instanceof Ping) {
      connection.send(new ServerFrame.Pong());
    }
  }

  private void authenticate(Verdict verdict) {
    if (verdict instanceof Refused refused) {
      log.debug("token refused: {}", refused.why());
      connection.close(refused.refusal().closeCode());
      return;
    }
    Grants next = ((Granted) verdict).grants();
    Grants before = grants;
    if (before != null && !before.subject().equals(next.subject())) {
      connection.close(CloseCode.TOKEN_INVALID);
      return;
    }
    if (!opens(verdict)) {
      connection.close(CloseCode.FORBIDDEN);
      return;
    }
    grants = next;
    times.authorizedFor(Duration.between(host.clock().instant(), next.expiresAt()));
    if (before != null) {
      connection.send(new ServerFrame.Authorized(next.expiresAt().getEpochSecond()));
      connection.keepOnly(
          thread -> next.allows(Action.SUBSCRIBE, thread),
          thread -> next.allows(Action.HISTORY, thread));
      return;
    }
    Optional<Refusal> refusal = host.places().settle(place, next.subject());
    if (refusal.isPresent()) {
      connection.close(refusal.get().close());
      return;
    }
    welcome(next);
  }

  /** Whether the bearer may subscribe to anything, which is all that a socket is good for. */
  private static boolean opens(Verdict verdict) {
    return verdict instanceof Granted granted && granted.grants().allowsSome(Action.SUBSCRIBE);
  }

  private void welcome(Grants by) {
    connection.readAs(by.subject());
    connection.send(
        new ServerFrame.Welcome(
            connection.id(),
            host.settings().heartbeat().every().toMillis(),
            Map.of(
                "subscriptions",
                (long) host.settings().maxSubscriptions(),
                "inboundBytes",
                (long) host.settings().bounds().inbound().messageBytes())));
    firstSubscription.ifPresent(subscribe -> subscribe(subscribe, by));
    firstSubscription = Optional.empty();
  }

  private void subscribe(Subscribe request, Grants by) {
    Decision decision = Admission.decide(request, by, host.settings().resumeWithin());
    if (decision instanceof Admitted admitted) {
      connection.subscribe(
          request.id(), request.thread(), request.run(), admitted.start(), request.ack());
    } else if (decision instanceof Denied denied) {
      refuse(Optional.of(request.id()), request.thread(), denied.code(), denied.message());
    }
  }

  private void acknowledge(Ack ack) {
    Optional<Cursor> cursor = Cursor.decode(ack.cursor());
    if (cursor.isEmpty() || !cursor.get().isOf(ack.thread())) {
      refuse(Optional.empty(), ack.thread(), ErrorCode.BAD_REQUEST, "cursor: not of this thread");
    } else {
      connection.acknowledge(ack.thread(), cursor.get());
    }
  }

  private void refuse(Optional<Long> id, @Nullable String thread, ErrorCode code, String message) {
    connection.send(new ServerFrame.Error(id.orElse(null), thread, code, message));
    boolean senseless = code == ErrorCode.BAD_REQUEST || code == ErrorCode.UNAUTHENTICATED;
    if (senseless && ++badRequests >= SocketSettings.MAX_BAD_REQUESTS) {
      connection.close(CloseCode.BAD_REQUESTS);
    }
  }
}
