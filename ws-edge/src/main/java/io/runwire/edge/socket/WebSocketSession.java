package io.runwire.edge.socket;

import io.runwire.edge.bounds.FrameRate;
import io.runwire.edge.bounds.Place;
import io.runwire.edge.hub.Connection;
import io.runwire.edge.settings.BoundsSettings;
import io.runwire.event.Ids;
import io.runwire.frame.ClientFrame;
import io.runwire.frame.ClientFrameReader;
import io.runwire.frame.CloseCode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;
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
 * One client's socket as Jetty has it: frames come in one at a time, and the next is asked for when
 * the last has been dealt with. What they say is the {@link Conversation}'s business, when
 * something is due that of {@link SocketTimes}.
 */
final class WebSocketSession implements FrameHandler {
  private static final Logger log = LoggerFactory.getLogger(WebSocketSession.class);

  /** What there is once the socket is open. */
  private record Open(
      CoreSession core,
      Connection connection,
      Place place,
      SocketTimes times,
      Conversation conversation) {}

  /**
   * Acks that are handed to the delivery loop before it is waited for. To be waited for each time
   * costs two switches of threads, and nothing answers an ack that a later frame could overtake.
   */
  private static final int ACKS_AHEAD = 8;

  private final SocketHost host;
  private final TextAssembly assembly;
  private final FrameRate rate;
  private int acks;
  private @Nullable Introduction introduction;
  private volatile @Nullable Open open;
  private volatile boolean gone;

  WebSocketSession(SocketHost host, Introduction introduction) {
    this.host = host;
    this.introduction = introduction;
    BoundsSettings.Inbound inbound = host.settings().bounds().inbound();
    this.assembly = new TextAssembly(inbound.messageBytes());
    this.rate = new FrameRate(inbound, host.deadlines().nowNanos());
  }

  @Override
  public void onOpen(CoreSession core, Callback callback) {
    Introduction introduced = introduction;
    if (introduced == null) {
      throw new IllegalStateException("opened twice");
    }
    introduction = null; // a token is not kept longer than it is needed
    Connection connection = host.hub().connect(new WebSocketOutlet(core, host.timer()));
    Place place =
        new Place(Place.Kind.WEBSOCKET, introduced.from(), connection::close, connection::send);
    SocketTimes times = new SocketTimes(host, core, connection);
    Conversation conversation =
        new Conversation(host, connection, place, times, introduced.subscription());
    open = new Open(core, connection, place, times, conversation);
    host.deadlines().watch(times);
    conversation.begin(introduced.token());
    callback.succeeded();
    core.demand();
  }

  /** The next frame is asked for when this one has been dealt with: a flood waits in the kernel. */
  @Override
  public void onFrame(Frame frame, Callback callback) {
    Open opened = opened();
    opened.times.heard();
    if (withinRate(frame)) {
      switch (frame.getOpCode()) {
        case OpCode.TEXT, OpCode.CONTINUATION -> {
          if (isAckAhead(onText(frame, opened))) {
            opened.core.demand();
          } else {
            demandWhenTaken(opened);
          }
        }
        case OpCode.BINARY -> {
          opened.connection.close(CloseCode.UNSUPPORTED);
          demandWhenTaken(opened);
        }
        case OpCode.PING -> answer(frame, opened.core);
        case OpCode.PONG -> opened.core.demand();
        default -> {
          // Jetty answers a close by itself once this callback has succeeded.
        }
      }
    } else {
      opened.connection.close(CloseCode.RATE_EXCEEDED); // and not read any further
    }
    callback.succeeded();
  }

  /** Where the peer broke the protocol, Jetty has closed the socket; that counts like our own. */
  @Override
  public void onError(Throwable cause, Callback callback) {
    log.debug("socket failed: {}", Ids.printable(String.valueOf(cause)));
    Open opened = open;
    if (cause instanceof CloseException broken && opened != null) {
      CloseCode.of(broken.getStatusCode()).ifPresent(opened.connection::closed);
    }
    callback.succeeded();
  }

  @Override
  public void onClosed(CloseStatus status, Callback callback) {
    gone = true;
    Open opened = open;
    if (opened != null) {
      host.deadlines().forget(opened.times);
      host.places().leave(opened.place);
      opened.connection.closed();
    }
    callback.succeeded();
  }

  private boolean isAckAhead(Optional<ClientFrame> message) {
    return message.isPresent()
        && message.get() instanceof ClientFrame.Ack
        && ++acks % ACKS_AHEAD != 0;
  }

  /** Also of a socket that is being closed, for the peer's close; not of one that is gone. */
  private void demandWhenTaken(Open opened) {
    opened.connection.whenTaken(
        () -> {
          if (!gone) {
            opened.core.demand();
          }
        });
  }

  private boolean withinRate(Frame frame) {
    long now = host.deadlines().nowNanos();
    return switch (frame.getOpCode()) {
      case OpCode.CLOSE -> true;
      case OpCode.CONTINUATION -> rate.piece(now);
      default -> rate.frame(now);
    };
  }

  private static void answer(Frame ping, CoreSession core) {
    ByteBuffer payload = ByteBuffer.allocate(ping.getPayloadLength()).put(ping.getPayload()).flip();
    core.sendFrame(
        new Frame(OpCode.PONG, payload),
        Callback.from(core::demand, gone -> log.debug("no pong: {}", gone.toString())),
        false);
  }

  /** What the client says, once its last fragment is here and if it can be read. */
  private Optional<ClientFrame> onText(Frame frame, Open opened) {
    opened.times.asked(host.deadlines().nowNanos());
    try {
      Optional<ClientFrame> message =
          assembly.add(frame.getPayload(), frame.isFin()).map(ClientFrameReader::read);
      message.ifPresent(opened.conversation::hear);
      return message;
    } catch (TextAssembly.TooBigException e) {
      opened.connection.close(CloseCode.TOO_BIG);
    } catch (CharacterCodingException e) {
      opened.connection.close(CloseCode.NOT_UTF8);
    }
    return Optional.empty();
  }

  private Open opened() {
    Open opened = open;
    if (opened == null) {
      throw new IllegalStateException("used before onOpen");
    }
    return opened;
  }
}
