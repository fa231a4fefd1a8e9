package io.runwire.edge.socket;

import io.runwire.cursor.Cursor;
import io.runwire.edge.access.Action;
import io.runwire.edge.access.Admission;
import io.runwire.edge.access.Admission.Admitted;
import io.runwire.edge.access.Admission.Decision;
import io.runwire.edge.access.Admission.Denied;
import io.runwire.edge.access.Grants;
import io.runwire.edge.access.TokenVerifier;
import io.runwire.edge.access.Verdict;
import io.runwire.edge.access.Verdict.Granted;
import io.runwire.edge.access.Verdict.Refused;
import io.runwire.edge.hub.Connection;
import io.runwire.edge.hub.Hub;
import io.runwire.event.Ids;
import io.runwire.frame.ClientFrame;
import io.runwire.frame.ClientFrame.Ack;
import io.runwire.frame.ClientFrame.Auth;
import io.runwire.frame.ClientFrame.Malformed;
import io.runwire.frame.ClientFrame.Ping;
import io.runwire.frame.ClientFrame.Subscribe;
import io.runwire.frame.ClientFrame.Unsubscribe;
import io.runwire.frame.ClientFrameReader;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ErrorCode;
import io.runwire.frame.ServerFrame;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.exception.CloseException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's socket: authentication, what it asks for, and its heartbeat. What it is sent is the
 * {@link Connection}'s business.
 *
 * <p>Jetty calls it one frame at a time; timers call it from their own thread. What both touch is
 * guarded by {@code lock}.
 */
final class WebSocketSession implements FrameHandler {
  private static final Logger log = LoggerFactory.getLogger(WebSocketSession.class);

  private final Hub hub;
  private final TokenVerifier verifier;
  private final SocketSettings settings;
  private final Clock clock;
  private final ScheduledExecutorService timer;
  private final Optional<String> handshakeToken;
  private final Optional<Subscribe> handshakeSubscription;
  private final TextAssembly assembly = new TextAssembly(SocketSettings.MAX_INBOUND_BYTES);
  private final ReentrantLock lock = new ReentrantLock();

  private @Nullable CoreSession session;
  private @Nullable Connection connection;
  private @Nullable Grants grants;
  private @Nullable ScheduledFuture<?> deadline;
  private @Nullable ScheduledFuture<?> heartbeat;
  private long pings;

  /** The last ping that the client has spoken after, if only to answer it. */
  private long pingsAnswered;

  private int badRequests;

  WebSocketSession(
      Hub hub,
      TokenVerifier verifier,
      SocketSettings settings,
      Clock clock,
      ScheduledExecutorService timer,
      Optional<String> handshakeToken,
      Optional<Subscribe> handshakeSubscription) {
    this.hub = hub;
    this.verifier = verifier;
    this.settings = settings;
    this.clock = clock;
    this.timer = timer;
    this.handshakeToken = handshakeToken;
    this.handshakeSubscription = handshakeSubscription;
  }

  @Override
  public void onOpen(CoreSession opened, Callback callback) {
    lock.lock();
    try {
      session = opened;
      connection = hub.connect(new WebSocketOutlet(opened, timer));
      deadline =
          timer.schedule(
              () -> close(CloseCode.NO_AUTH),
              settings.authDeadline().toMillis(),
              TimeUnit.MILLISECONDS);
      long everyMs = settings.heartbeat().toMillis();
      heartbeat = timer.scheduleWithFixedDelay(this::beat, everyMs, everyMs, TimeUnit.MILLISECONDS);
      handshakeToken.ifPresent(this::authenticate);
    } finally {
      lock.unlock();
    }
    callback.succeeded();
    opened.demand();
  }

  /** The next frame is asked for when this one has been dealt with: a flood waits in the kernel. */
  @Override
  public void onFrame(Frame frame, Callback callback) {
    lock.lock();
    try {
      pingsAnswered = pings;
      switch (frame.getOpCode()) {
        case OpCode.TEXT, OpCode.CONTINUATION -> {
          onText(frame);
          to().whenTaken(opened()::demand);
        }
        case OpCode.BINARY -> {
          close(CloseCode.UNSUPPORTED);
          to().whenTaken(opened()::demand);
        }
        case OpCode.PING -> answer(frame);
        case OpCode.PONG -> opened().demand();
        default -> {
          // Jetty answers a close by itself once this callback has succeeded.
        }
      }
    } finally {
      lock.unlock();
    }
    callback.succeeded();
  }

  /** Where the peer broke the protocol, Jetty has closed the socket; that counts like our own. */
  @Override
  public void onError(Throwable cause, Callback callback) {
    log.debug("socket failed: {}", Ids.printable(String.valueOf(cause)));
    if (cause instanceof CloseException broken && connection != null) {
      CloseCode.of(broken.getStatusCode()).ifPresent(connection::closed);
    }
    callback.succeeded();
  }

  @Override
  public void onClosed(CloseStatus status, Callback callback) {
    lock.lock();
    try {
      cancel(deadline);
      cancel(heartbeat);
      if (connection != null) {
        connection.closed();
      }
    } finally {
      lock.unlock();
    }
    callback.succeeded();
  }

  private void answer(Frame ping) {
    ByteBuffer payload = ByteBuffer.allocate(ping.getPayloadLength()).put(ping.getPayload()).flip();
    opened()
        .sendFrame(
            new Frame(OpCode.PONG, payload),
            Callback.from(opened()::demand, gone -> log.debug("no pong: {}", gone.toString())),
            false);
  }

  private void onText(Frame frame) {
    try {
      assembly
          .add(frame.getPayload(), frame.isFin())
          .ifPresent(text -> onMessage(ClientFrameReader.read(text)));
    } catch (TextAssembly.TooBigException e) {
      close(CloseCode.TOO_BIG);
    } catch (CharacterCodingException e) {
      close(CloseCode.NOT_UTF8);
    }
  }

  private void onMessage(ClientFrame message) {
    if (message instanceof Auth auth) {
      authenticate(auth.token());
    } else if (message instanceof Malformed malformed) {
      refuse(malformed.id(), null, ErrorCode.BAD_REQUEST, malformed.detail());
    } else if (grants == null) {
      refuse(Optional.empty(), null, ErrorCode.UNAUTHENTICATED, "auth first");
    } else if (message instanceof Subscribe subscribe) {
      subscribe(subscribe, grants);
    } else if (message instanceof Unsubscribe unsubscribe) {
      to().unsubscribe(unsubscribe.id(), unsubscribe.thread());
    } else if (message instanceof Ack ack) {
      acknowledge(ack);
    } else if (message instanceof Ping) {
      to().send(new ServerFrame.Pong());
    }
  }

  private void authenticate(String token) {
    Verdict verdict = verifier.verify(token);
    if (verdict instanceof Refused refused) {
      log.debug("token refused: {}", refused.why());
      close(refused.refusal().closeCode());
      return;
    }
    Grants next = ((Granted) verdict).grants();
    Grants before = grants;
    if (before != null && !before.subject().equals(next.subject())) {
      close(CloseCode.TOKEN_INVALID);
      return;
    }
    grants = next;
    cancel(deadline);
    Duration left = Duration.between(clock.instant(), next.expiresAt());
    deadline =
        timer.schedule(
            () -> close(CloseCode.TOKEN_EXPIRED),
            Math.max(0, left.toMillis()),
            TimeUnit.MILLISECONDS);
    if (before != null) {
      to().send(new ServerFrame.Authorized(next.expiresAt().getEpochSecond()));
      to().keepOnly(thread -> next.allows(Action.SUBSCRIBE, thread));
      return;
    }
    to().readAs(next.subject());
    to().send(
            new ServerFrame.Welcome(
                to().id(),
                settings.heartbeat().toMillis(),
                Map.of(
                    "subscriptions",
                    (long) settings.maxSubscriptions(),
                    "inboundBytes",
                    (long) SocketSettings.MAX_INBOUND_BYTES)));
    handshakeSubscription.ifPresent(subscribe -> subscribe(subscribe, next));
  }

  private void subscribe(Subscribe request, Grants by) {
    Decision decision = Admission.decide(request, by, settings.resumeWithin());
    if (decision instanceof Admitted admitted) {
      to().subscribe(request.id(), request.thread(), request.run(), admitted.start());
    } else if (decision instanceof Denied denied) {
      refuse(Optional.of(request.id()), request.thread(), denied.code(), denied.message());
    }
  }

  private void acknowledge(Ack ack) {
    Optional<Cursor> cursor = Cursor.decode(ack.cursor());
    if (cursor.isEmpty() || !cursor.get().isOf(ack.thread())) {
      refuse(Optional.empty(), ack.thread(), ErrorCode.BAD_REQUEST, "cursor: not of this thread");
    }
  }

  private void refuse(Optional<Long> id, @Nullable String thread, ErrorCode code, String message) {
    to().send(new ServerFrame.Error(id.orElse(null), thread, code, message));
    boolean senseless = code == ErrorCode.BAD_REQUEST || code == ErrorCode.UNAUTHENTICATED;
    if (senseless && ++badRequests >= SocketSettings.MAX_BAD_REQUESTS) {
      close(CloseCode.BAD_REQUESTS);
    }
  }

  private void beat() {
    lock.lock();
    try {
      long ping = ++pings;
      opened().sendFrame(new Frame(OpCode.PING, ByteBuffer.allocate(0)), Callback.NOOP, false);
      var unused =
          timer.schedule(
              () -> expectAnswer(ping), settings.pong().toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      lock.unlock();
    }
  }

  /** Closes a socket that has said nothing since a ping. */
  private void expectAnswer(long ping) {
    lock.lock();
    try {
      if (pingsAnswered < ping) {
        close(CloseCode.NO_PONG);
      }
    } finally {
      lock.unlock();
    }
  }

  private void close(CloseCode code) {
    to().close(code);
  }

  private CoreSession opened() {
    if (session == null) {
      throw new IllegalStateException("used before onOpen");
    }
    return session;
  }

  private Connection to() {
    if (connection == null) {
      throw new IllegalStateException("used before onOpen");
    }
    return connection;
  }

  private static void cancel(@Nullable ScheduledFuture<?> task) {
    if (task != null) {
      task.cancel(false);
    }
  }
}
