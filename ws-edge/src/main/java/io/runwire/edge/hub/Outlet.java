package io.runwire.edge.hub;

import io.runwire.frame.CloseCode;
import io.runwire.frame.ServerFrame;
import java.util.List;

/**
 * What the hub needs of a socket. Called on the connection's delivery loop only, and {@link #write}
 * never while an earlier write is unfinished.
 */
public interface Outlet {
  /** Writes a batch in order and reports once, from any thread, when all of it is written. */
  void write(List<Outgoing> batch, Written written);

  /** Closes the socket in an orderly way. */
  void close(CloseCode code);

  /** Cuts a socket off that does not take what is in flight; its peer may never see the code. */
  void abort(CloseCode code);

  /** Something to write. */
  sealed interface Outgoing {}

  /**
   * An event.
   *
   * @param live whether the subscription had caught up before it, so that its age is a latency
   * @param redelivery how often it was sent before
   */
  record Event(LogEntry entry, boolean live, int redelivery) implements Outgoing {}

  /** Anything else. */
  record Control(ServerFrame frame) implements Outgoing {}

  /** The end of a write. */
  interface Written {
    void succeeded();

    /** The socket is of no more use. */
    void failed(Throwable cause);
  }
}
