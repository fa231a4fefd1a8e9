package io.runwire.loadtest.drive;

import java.net.URI;
import java.nio.ByteBuffer;

/** One WebSocket as its user sees it. All calls, both ways, come on one thread. */
interface Line {
  /** The close code of a line that ended without one. */
  int LOST = 1006;

  /** Sends a text frame; the line is lost where its peer takes none for long. */
  void send(String text);

  /** Stops or resumes reading, so that the peer's bytes stay in the kernels' buffers. */
  void read(boolean on);

  /** Says goodbye; {@link User#closed} follows, at the latest after a second. */
  void close();

  /** Ends it as a failing network would; its user hears no more of it. */
  void drop();

  /** What a line tells. */
  interface User {
    /** Connected and upgraded. */
    void opened();

    /** Bytes have come, whatever they mean. */
    void heard();

    /**
     * @param message valid during the call only
     * @throws WireViolation where the peer breaks the contract: the line ends with its code
     */
    void text(ByteBuffer message) throws WireViolation;

    /** It is over; the last call. */
    void closed(int code, String reason);
  }

  /** Opens lines. */
  interface Dialer {
    /** Returns at once; nothing is told before this returns. */
    Line dial(URI edge, User user);
  }
}
