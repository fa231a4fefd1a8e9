package io.runwire.edge.socket;

import io.runwire.edge.bounds.Deadlines;
import io.runwire.edge.hub.Connection;
import io.runwire.frame.CloseCode;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.core.CoreSession;
import org.eclipse.jetty.websocket.core.Frame;
import org.eclipse.jetty.websocket.core.OpCode;

/**
 * What one socket is due for: its first token or the end of the one it has, the next ping or the
 * answer to the last, and a look at whether it is of use to anybody. Thread-safe: the reading
 * thread, the timer's and the one that ends a write come here.
 */
final class SocketTimes implements Deadlines.Watched {
  private final SocketHost host;
  private final CoreSession session;
  private final Connection connection;
  private final Heartbeat heartbeat;

  private long tokenDueNanos;
  private CloseCode tokenDueCode = CloseCode.NO_AUTH;
  private long askedNanos;
  private long idleLookNanos;

  /** The earliest of them, read by the timer without a lock. */
  private volatile long dueNanos;

  SocketTimes(SocketHost host, CoreSession session, Connection connection) {
    long now = host.deadlines().nowNanos();
    this.host = host;
    this.session = session;
    this.connection = connection;
    this.heartbeat = new Heartbeat(host.settings().heartbeat(), now);
    this.tokenDueNanos = now + host.settings().authDeadline().toNanos();
    this.askedNanos = now;
    this.idleLookNanos = now + host.settings().bounds().idleSweep().toNanos();
    rearm();
  }

  @Override
  public long dueNanos() {
    return dueNanos;
  }

  /** The client has sent a frame of whatever kind. */
  synchronized void heard() {
    heartbeat.heard();
    rearm();
  }

  /** The client wants something. */
  synchronized void asked(long nowNanos) {
    askedNanos = nowNanos;
  }

  /** A token has been accepted that ends after that time. */
  synchronized void authorizedFor(Duration left) {
    tokenDueNanos = host.deadlines().nowNanos() + Math.max(0, left.toNanos());
    tokenDueCode = CloseCode.TOKEN_EXPIRED;
    rearm();
  }

  @Override
  public void due(long nowNanos) {
    Heartbeat.Step step;
    synchronized (this) {
      step = heartbeat.look(nowNanos);
      if (nowNanos - tokenDueNanos >= 0) {
        connection.close(tokenDueCode);
        tokenDueNanos = nowNanos + host.settings().authDeadline().toNanos(); // while it closes
      }
      if (nowNanos - idleLookNanos >= 0) {
        lookForIdleness(nowNanos);
      }
      rearm();
    }
    switch (step) {
      case NOTHING -> {}
      case PING -> ping();
      case NO_PONG -> connection.close(CloseCode.NO_PONG);
      case STUCK -> connection.close(CloseCode.TOO_SLOW);
    }
  }

  private void lookForIdleness(long nowNanos) {
    idleLookNanos = nowNanos + host.settings().bounds().idleSweep().toNanos();
    if (nowNanos - askedNanos >= host.settings().bounds().idleTtl().toNanos()) {
      connection.closeUnlessFollowing(CloseCode.IDLE);
    }
  }

  private void ping() {
    session.sendFrame(
        new Frame(OpCode.PING, ByteBuffer.allocate(0)),
        Callback.from(this::pinged, gone -> {}), // the socket's end is told elsewhere
        false);
  }

  private synchronized void pinged() {
    heartbeat.written(host.deadlines().nowNanos());
    rearm();
  }

  private void rearm() {
    dueNanos = earlier(earlier(heartbeat.dueNanos(), tokenDueNanos), idleLookNanos);
  }

  private static long earlier(long a, long b) {
    return a - b < 0 ? a : b;
  }
}
