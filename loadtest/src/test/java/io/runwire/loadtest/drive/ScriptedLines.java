package io.runwire.loadtest.drive;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A dialler whose lines do what a test says, and the clock that goes with it. */
final class ScriptedLines implements Line.Dialer {
  final List<ScriptedLine> dialled = new ArrayList<>();
  long nowMs = 1_000_000;
  final Clocks clocks = new Clocks(() -> nowMs, () -> nowMs);

  @Override
  public Line dial(URI edge, Line.User user) {
    ScriptedLine line = new ScriptedLine(edge, user);
    dialled.add(line);
    return line;
  }

  /** The line dialled last. */
  ScriptedLine last() {
    return dialled.get(dialled.size() - 1);
  }

  /** A line in a test's hands. */
  static final class ScriptedLine implements Line {
    final URI edge;
    final List<String> sent = new ArrayList<>();
    boolean reading = true;
    boolean dropped;
    boolean closing;
    private final User user;

    ScriptedLine(URI edge, User user) {
      this.edge = edge;
      this.user = user;
    }

    /** The edge says so. */
    void says(String frame) throws WireViolation {
      user.heard();
      user.text(ByteBuffer.wrap(frame.getBytes(StandardCharsets.UTF_8)));
    }

    /** Opens and is welcomed. */
    void welcomes() throws WireViolation {
      user.opened();
      says("{\"op\":\"welcome\",\"connection\":\"c\",\"heartbeatMs\":5000,\"limits\":{}}");
    }

    void heard() {
      user.heard();
    }

    void closes(int code) {
      user.closed(code, "test");
    }

    String lastSent() {
      return sent.get(sent.size() - 1);
    }

    @Override
    public void send(String text) {
      sent.add(text);
    }

    @Override
    public void read(boolean on) {
      reading = on;
    }

    @Override
    public void close() {
      closing = true;
    }

    @Override
    public void drop() {
      dropped = true;
    }
  }
}
