package io.runwire.edge.socket;

import io.runwire.edge.hub.Outlet;
import io.runwire.frame.CloseCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;

/**
 * Writes batches to a WebSocket: all frames but the last are gathered, so that a batch is one write
 * to the kernel. Called on the connection's delivery loop.
 */
final class WebSocketOutlet implements Outlet {
  /** How long a close may take; then the socket is cut, whether its peer has read it or not. */
  static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

  private final CoreSession session;
  private final ScheduledExecutorService timer;

  WebSocketOutlet(CoreSession session, ScheduledExecutorService timer) {
    this.session = session;
    this.timer = timer;
  }

  @Override
  public void write(List<Outgoing> batch, Written written) {
    for (int i = 0; i < batch.size() - 1; i++) {
      // Completes when the frame is copied into the output buffer; a failure fails the last, too.
      session.sendFrame(frame(batch.get(i)), Callback.NOOP, true);
    }
    session.sendFrame(
        frame(batch.get(batch.size() - 1)),
        Callback.from(
            written::succeeded,
            cause -> {
              cutOffSoon();
              written.failed(cause);
            }),
        false);
  }

  @Override
  public void close(CloseCode code) {
    session.close(code.code(), code.reason(), Callback.NOOP);
    cutOffSoon();
  }

  @Override
  public void abort(CloseCode code) {
    // A close frame would wait behind what is in flight. And not here: to cut a socket off takes
    // longer than a delivery, and there may be a thousand of them at once.
    timer.execute(session::abort);
  }

  private void cutOffSoon() {
    var unused = timer.schedule(session::abort, CLOSE_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** A new Frame each time: Jetty consumes the payload of the one it is given. */
  private static Frame frame(Outgoing outgoing) {
    return new Frame(OpCode.TEXT, payload(outgoing));
  }

  private static ByteBuffer payload(Outgoing outgoing) {
    if (outgoing instanceof Event event) {
      return event.entry().frame().text(event.redelivery());
    }
    Control control = (Control) outgoing;
    return ByteBuffer.wrap(control.frame().toJson().getBytes(StandardCharsets.UTF_8));
  }
}
