package io.runwire.edge.http;

import io.runwire.edge.bounds.Deadlines;
import io.runwire.edge.hub.Connection;
import io.runwire.frame.CloseCode;
import io.runwire.frame.ServerFrame;
import java.time.Duration;

/** What one stream is due for: its next heartbeat, and the end of its token. */
final class SseStream implements Deadlines.Watched {
  private final Connection connection;
  private final long everyNanos;

  // Written by the timer's thread alone.
  private volatile long beatNanos;
  private volatile long endNanos;

  /**
   * @param left until the token ends
   */
  SseStream(Connection connection, Duration heartbeat, Duration left, long nowNanos) {
    this.connection = connection;
    this.everyNanos = heartbeat.toNanos();
    this.beatNanos = nowNanos + everyNanos;
    this.endNanos = nowNanos + Math.max(0, left.toNanos());
  }

  @Override
  public long dueNanos() {
    return beatNanos - endNanos < 0 ? beatNanos : endNanos;
  }

  @Override
  public void due(long nowNanos) {
    if (nowNanos - endNanos >= 0) {
      connection.close(CloseCode.TOKEN_EXPIRED);
      endNanos = nowNanos + everyNanos; // while it closes
    }
    if (nowNanos - beatNanos >= 0) {
      connection.sendUnlessBusy(new ServerFrame.Pong());
      beatNanos = nowNanos + everyNanos;
    }
  }
}
