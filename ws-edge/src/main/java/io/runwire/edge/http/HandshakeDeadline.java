package io.runwire.edge.http;

import io.runwire.edge.bounds.BoundsMetrics;
import io.runwire.edge.bounds.Deadlines;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Closes connections on which the head of a request does not arrive in time. Jetty's idle timeout
 * does not: a byte a second is not idle. The first head is due from the opening of the connection,
 * a further one from its first byte; while nothing comes, a connection that is kept alive is left
 * to the idle timeout. Thread-safe.
 */
public final class HandshakeDeadline extends Handler.Wrapper implements Connection.Listener {
  private final Deadlines deadlines;
  private final Duration deadline;
  private final BoundsMetrics metrics;
  private final Map<Connection, Head> heads = new ConcurrentHashMap<>();

  /**
   * @param next serves the requests that arrive
   */
  public HandshakeDeadline(
      Handler next, Deadlines deadlines, Duration deadline, BoundsMetrics metrics) {
    super(next);
    this.deadlines = deadlines;
    this.deadline = deadline;
    this.metrics = metrics;
  }

  @Override
  public void onOpened(Connection connection) {
    if (connection instanceof ConnectionMetaData) { // speaks HTTP; beneath it may lie one of TLS
      Head head = new Head(connection);
      heads.put(connection, head);
      deadlines.watch(head);
    }
  }

  @Override
  public void onClosed(Connection connection) {
    Head head = heads.remove(connection);
    if (head != null) {
      deadlines.forget(head);
    }
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) throws Exception {
    Head head = heads.get(request.getConnectionMetaData().getConnection());
    if (head != null) {
      head.arrived();
      Request.addCompletionListener(request, failure -> head.served());
    }
    return super.handle(request, response, callback);
  }

  /** The head that one connection is waited on for. */
  private final class Head implements Deadlines.Watched {
    private final Connection connection;
    private boolean begun = true;
    private long bytesBefore;
    private volatile boolean serving;
    private volatile long dueNanos;

    Head(Connection connection) {
      this.connection = connection;
      this.dueNanos = deadlines.nowNanos() + deadline.toNanos();
    }

    @Override
    public long dueNanos() {
      return dueNanos;
    }

    /** A request is being served; how long that takes is not our business. */
    synchronized void arrived() {
      serving = true;
    }

    synchronized void served() {
      serving = false;
      begun = false;
      bytesBefore = connection.getBytesIn();
      dueNanos = deadlines.nowNanos() + deadline.toNanos();
    }

    @Override
    public void due(long nowNanos) {
      synchronized (this) {
        boolean late = begun && !serving;
        begun = connection.getBytesIn() > bytesBefore;
        dueNanos = nowNanos + deadline.toNanos();
        if (!late) {
          return;
        }
      }
      metrics.handshakeTimedOut();
      connection.getEndPoint().close();
    }
  }
}
