package io.runwire.loadtest.drive;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Takes a server's RFC 6455 frames apart, however the bytes are cut. A message that arrives whole
 * and unfragmented is handed on as a view of the bytes read; only a torn one is collected, and what
 * was collected is let go with it, so that a socket at rest holds next to nothing.
 *
 * <p>Whether text is UTF-8 is not checked here: an event's bytes are compared with what its agent
 * wrote. Belongs to one thread.
 */
final class FrameReader {
  /** An event of 1 MiB and the largest frame around it. */
  static final int MAX_MESSAGE_BYTES = (1 << 20) + (64 << 10);

  static final int NO_STATUS = 1005;

  private static final int MAX_CONTROL_BYTES = 125;
  private static final int LENGTH_16 = 126;
  private static final int LENGTH_64 = 127;
  private static final int LONGEST_HEADER = 10; // a server does not mask
  private static final byte[] NOTHING = new byte[0];

  /** What to do with frames; buffers are valid during the call only. */
  interface Sink {
    void text(ByteBuffer message) throws WireViolation;

    void ping(ByteBuffer payload);

    void pong();

    /**
     * @param code {@link #NO_STATUS} where the frame names none
     */
    void close(int code);
  }

  private final byte[] header = new byte[LONGEST_HEADER];
  private int headerLength;
  private boolean inPayload;
  private boolean last;
  private int opcode;
  private int left; // of the frame's payload

  private boolean inMessage; // a fragmented text goes on
  private byte[] message = NOTHING;
  private int messageLength;
  private byte[] control = NOTHING;

  /** Reads all there is. */
  void read(ByteBuffer in, Sink sink) throws WireViolation {
    while (inPayload || in.hasRemaining()) {
      if (!inPayload && !readHeader(in)) {
        return;
      }
      if (left > in.remaining()) {
        collect(in, in.remaining());
        return;
      }
      endFrame(in, sink);
    }
  }

  /** Whether the header is whole now. */
  private boolean readHeader(ByteBuffer in) throws WireViolation {
    while (in.hasRemaining()) {
      header[headerLength++] = in.get();
      if (headerLength >= 2 && headerLength == headerSize()) {
        headerLength = 0;
        beginFrame();
        return true;
      }
    }
    return false;
  }

  private int headerSize() {
    return switch (header[1] & 0x7f) {
      case LENGTH_16 -> 4;
      case LENGTH_64 -> LONGEST_HEADER;
      default -> 2;
    };
  }

  private void beginFrame() throws WireViolation {
    last = (header[0] & 0x80) != 0;
    opcode = header[0] & 0x0f;
    require((header[0] & 0x70) == 0, "a reserved bit is set");
    require((header[1] & 0x80) == 0, "a server's frame is masked");
    long length = payloadLength();
    switch (opcode) {
      case Opcode.TEXT -> require(!inMessage, "a text within a fragmented text");
      case Opcode.CONTINUATION -> require(inMessage, "a continuation of nothing");
      case Opcode.CLOSE, Opcode.PING, Opcode.PONG ->
          require(last && length <= MAX_CONTROL_BYTES, "a control frame in parts, or too long");
      case Opcode.BINARY -> throw new WireViolation(1003, "a binary frame");
      default -> throw new WireViolation(WireViolation.PROTOCOL, "opcode " + opcode);
    }
    if (!isControl() && length > MAX_MESSAGE_BYTES - messageLength) {
      throw new WireViolation(
          WireViolation.TOO_BIG, "a message above " + MAX_MESSAGE_BYTES + " bytes");
    }
    left = (int) length;
    inPayload = true;
    if (isControl()) {
      control = left == 0 ? NOTHING : new byte[left];
    }
  }

  private long payloadLength() throws WireViolation {
    int shortLength = header[1] & 0x7f;
    ByteBuffer extended = ByteBuffer.wrap(header, 2, LONGEST_HEADER - 2);
    if (shortLength == LENGTH_16) {
      int length = extended.getShort() & 0xffff;
      require(length >= LENGTH_16, "a length that needs no 16 bits");
      return length;
    }
    if (shortLength == LENGTH_64) {
      long length = extended.getLong();
      require(length > 0xffff, "a length that needs no 64 bits, or is negative");
      return length;
    }
    return shortLength;
  }

  /** The rest of the frame is in {@code in}. */
  private void endFrame(ByteBuffer in, Sink sink) throws WireViolation {
    inPayload = false;
    if (isControl()) {
      collect(in, left);
      control(sink);
    } else if (last && messageLength == 0) {
      ByteBuffer whole = in.slice(in.position(), left);
      in.position(in.position() + left);
      inMessage = false;
      sink.text(whole);
    } else {
      collect(in, left);
      inMessage = !last;
      if (last) {
        ByteBuffer whole = ByteBuffer.wrap(message, 0, messageLength);
        message = NOTHING;
        messageLength = 0;
        sink.text(whole);
      }
    }
  }

  private void control(Sink sink) throws WireViolation {
    ByteBuffer payload = ByteBuffer.wrap(control);
    control = NOTHING;
    switch (opcode) {
      case Opcode.PING -> sink.ping(payload);
      case Opcode.PONG -> sink.pong();
      default -> {
        require(payload.remaining() != 1, "a close code of one byte");
        sink.close(payload.hasRemaining() ? payload.getShort() & 0xffff : NO_STATUS);
      }
    }
  }

  private void collect(ByteBuffer in, int bytes) {
    if (isControl()) {
      in.get(control, control.length - left, bytes);
    } else {
      if (message.length < messageLength + left) {
        message = Arrays.copyOf(message, messageLength + left);
      }
      in.get(message, messageLength, bytes);
      messageLength += bytes;
    }
    left -= bytes;
  }

  private boolean isControl() {
    return (opcode & 0x8) != 0;
  }

  private static void require(boolean holds, String violation) throws WireViolation {
    if (!holds) {
      throw new WireViolation(WireViolation.PROTOCOL, violation);
    }
  }
}
