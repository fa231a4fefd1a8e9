package io.runwire.edge.socket;

import io.runwire.edge.settings.BoundsSettings.Inbound;
import io.runwire.frame.CloseCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CloseStatus;
import org.eclipse.jetty.websocket.core.Configuration;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.FrameHandler;
import org.eclipse.jetty.websocket.core.OpCode;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.core.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.core.server.WebSocketNegotiator;
import org.eclipse.jetty.websocket.core.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/**
 * Sends each text message back, so that a test sees what arrived of it: on the edge's own socket
 * bounds and through its own {@link TextAssembly}, with nothing of the edge behind them.
 */
public final class EchoServer implements AutoCloseable {
  private final Server server = new Server();
  private final ServerConnector connector = new ServerConnector(server);

  private EchoServer() {
    connector.setHost("127.0.0.1");
    server.addConnector(connector);
    WebSocketUpgradeHandler sockets = new WebSocketUpgradeHandler();
    sockets.addMapping("/v1/ws", new Negotiator());
    server.setHandler(sockets);
  }

  public static EchoServer start() throws Exception {
    EchoServer echo = new EchoServer();
    echo.server.start();
    return echo;
  }

  public int port() {
    return connector.getLocalPort();
  }

  @Override
  public void close() throws Exception {
    server.stop();
  }

  private static final class Negotiator implements WebSocketNegotiator {
    @Override
    public void customize(Configuration configuration) {
      WebSocketHandshake.bound(configuration);
    }

    @Override
    public FrameHandler negotiate(
        ServerUpgradeRequest request, ServerUpgradeResponse response, Callback callback) {
      response.setAcceptedSubProtocol(WebSocketHandshake.SUBPROTOCOL);
      response.setExtensions(List.of());
      return new Echo();
    }
  }

  private static final class Echo implements FrameHandler {
    private final TextAssembly assembly = new TextAssembly(Inbound.DEFAULT_MESSAGE_BYTES);
    private @Nullable CoreSession session;

    @Override
    public void onOpen(CoreSession opened, Callback callback) {
      session = opened;
      callback.succeeded();
      opened.demand();
    }

    @Override
    public void onFrame(Frame frame, Callback callback) {
      switch (frame.getOpCode()) {
        case OpCode.TEXT, OpCode.CONTINUATION -> text(frame);
        case OpCode.BINARY -> close(CloseCode.UNSUPPORTED);
        case OpCode.PING -> send(OpCode.PONG, copy(frame));
        case OpCode.PONG -> opened().demand();
        default -> {
          // Jetty answers a close by itself once this callback has succeeded.
        }
      }
      callback.succeeded();
    }

    @Override
    public void onError(Throwable cause, Callback callback) {
      callback.succeeded();
    }

    @Override
    public void onClosed(CloseStatus status, Callback callback) {
      callback.succeeded();
    }

    private void text(Frame frame) {
      try {
        assembly
            .add(frame.getPayload(), frame.isFin())
            .ifPresentOrElse(
                message ->
                    send(OpCode.TEXT, ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8))),
                opened()::demand);
      } catch (TextAssembly.TooBigException e) {
        close(CloseCode.TOO_BIG);
      } catch (CharacterCodingException e) {
        close(CloseCode.NOT_UTF8);
      }
    }

    private void close(CloseCode code) {
      opened().close(code.code(), code.reason(), Callback.NOOP);
      opened().demand();
    }

    private void send(byte opcode, ByteBuffer payload) {
      Callback next = Callback.from(opened()::demand, gone -> {});
      opened().sendFrame(new Frame(opcode, payload), next, false);
    }

    private CoreSession opened() {
      if (session == null) {
        throw new IllegalStateException("used before onOpen");
      }
      return session;
    }

    private static ByteBuffer copy(Frame frame) {
      return ByteBuffer.allocate(frame.getPayloadLength()).put(frame.getPayload()).flip();
    }
  }
}
