package io.runwire.edge.hub;

import io.runwire.edge.hub.Outlet.Control;
import io.runwire.edge.hub.Outlet.Event;
import io.runwire.edge.hub.Outlet.Outgoing;
import io.runwire.frame.ServerFrame;
import java.util.ArrayList;
import java.util.List;

/** What one gathered write takes. Filled on the connection's delivery loop, then only read. */
final class Batch {
  /** A gathered write ends at whichever comes first; one event always fits. */
  private static final int MAX_FRAMES = 32;

  private static final int MAX_BYTES = 64 << 10;

  private final List<Outgoing> frames = new ArrayList<>();
  private long bytes;

  void add(ServerFrame frame) {
    frames.add(new Control(frame));
  }

  void add(Outgoing outgoing) {
    frames.add(outgoing);
    bytes += outgoing instanceof Event event ? event.entry().frame().size() : 0;
  }

  boolean isFull() {
    return frames.size() >= MAX_FRAMES || bytes >= MAX_BYTES;
  }

  boolean isEmpty() {
    return frames.isEmpty();
  }

  int size() {
    return frames.size();
  }

  /** Of its events. */
  long bytes() {
    return bytes;
  }

  List<Outgoing> frames() {
    return frames;
  }
}
