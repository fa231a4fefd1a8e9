package io.runwire.edge.socket;

import io.runwire.edge.access.Origins;
import io.runwire.edge.access.Verdict;
import io.runwire.edge.access.Verdict.Granted;
import io.runwire.edge.bounds.Network;
import io.runwire.edge.bounds.Refusal;
import io.runwire.edge.http.Bearer;
import io.runwire.edge.http.ClientNetwork;
import io.runwire.edge.http.CrossOrigin;
import io.runwire.edge.http.Problem;
import io.runwire.edge.http.SubscriptionQuery;
import io.runwire.event.EventValue;
import io.runwire.frame.ClientFrame.Subscribe;
import io.runwire.frame.ErrorCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.jspecify.annotations.Nullable;

/** Decides whether a request becomes a {@link WebSocketSession}. Stateless. */
public final class WebSocketHandshake implements WebSocketNegotiator {
  /** The subprotocol that we speak. */
  public static final String SUBPROTOCOL = "runwire.v1";

  private static final String TOKEN_SUBPROTOCOL = "bearer.";

  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9+/]{21}[AQgw]==");

  // Payloads below a quarter of it are gathered; the larger ones are written in place.
  private static final int OUTPUT_BUFFER_BYTES = 16 << 10;
  private static final int MAX_OUTBOUND_BYTES = EventValue.MAX_BYTES + (16 << 10);
  private static final int INPUT_BUFFER_BYTES = 4 << 10;

  private final SocketHost host;
  private final Origins origins;

  public WebSocketHandshake(SocketHost host, Origins origins) {
    this.host = host;
    this.origins = origins;
  }

  @Override
  public void customize(Configuration configuration) {
    bound(configuration);
  }

  /** How every socket is buffered and bounded. */
  static void bound(Configuration configuration) {
    configuration.setIdleTimeout(Duration.ZERO); // our own heartbeat decides
    // The bound holds for what we send, too. A client's large frame comes in pieces, as it arrives,
    // and is refused by the session when it is over the bound for clients.
    configuration.setAutoFragment(true);
    configuration.setMaxFrameSize(MAX_OUTBOUND_BYTES);
    configuration.setOutputBufferSize(OUTPUT_BUFFER_BYTES);
    configuration.setInputBufferSize(INPUT_BUFFER_BYTES);
  }

  @Override
  public @Nullable FrameHandler negotiate(
      ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
    if (!origins.allow(CrossOrigin.of(request), CrossOrigin.self(request))) {
      return refuse(response, callback, ErrorCode.FORBIDDEN, "this origin may not connect");
    }
    if (!keyed(request)) {
      return refuse(
          response, callback, ErrorCode.BAD_REQUEST, "Sec-WebSocket-Key: expected 16 bytes, once");
    }
    // Letter by letter: Jetty finds it in any case, and then fails to accept what was not offered.
    if (!request.getSubProtocols().contains(SUBPROTOCOL)) {
      return refuse(
          response, callback, ErrorCode.BAD_REQUEST, "offer the subprotocol " + SUBPROTOCOL);
    }
    Optional<Subscribe> subscription;
    try {
      subscription = SubscriptionQuery.parse(Request.extractQueryParameters(request));
    } catch (SubscriptionQuery.MalformedException e) {
      return refuse(response, callback, ErrorCode.BAD_REQUEST, e.detail());
    }
    Network from = ClientNetwork.of(request);
    Optional<Verdict> token = token(request).map(host.verifier()::verify);
    boolean known = token.isPresent() && token.get() instanceof Granted;
    Optional<Refusal> refusal = host.places().ask(from, known);
    if (refusal.isPresent()) {
      Problem.write(response, callback, refusal.get());
      return null;
    }
    response.setAcceptedSubProtocol(SUBPROTOCOL);
    response.setExtensions(List.of()); // no permessage-deflate: 110 KB and more a connection
    return new WebSocketSession(host, new Introduction(from, token, subscription));
  }

  private static @Nullable FrameHandler refuse(
      ServerUpgradeResponse response, Callback callback, ErrorCode code, String detail) {
    Problem.write(response, callback, code, detail);
    return null;
  }

  /** RFC 6455 §4.2.1; Jetty takes any key, and the first of several. */
  private static boolean keyed(ServerUpgradeRequest request) {
    List<String> keys = request.getHeaders().getValuesList(HttpHeader.SEC_WEBSOCKET_KEY);
    return keys.size() == 1 && KEY.matcher(keys.get(0)).matches();
  }

  private static Optional<String> token(ServerUpgradeRequest request) {
    for (String offered : request.getSubProtocols()) {
      if (offered.startsWith(TOKEN_SUBPROTOCOL)) {
        return Optional.of(offered.substring(TOKEN_SUBPROTOCOL.length()));
      }
    }
    return Bearer.token(request);
  }
}
