package io.runwire.deploy.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.runwire.loadtest.drive.WireFrame;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Predicate;

/**
 * A client whose peer meets a closed window: it takes what it is asked to, byte by byte from a
 * small buffer of the kernel's, and then nothing more. It may go on sending.
 */
final class MuteSocket implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final int RECEIVE_BUFFER = 4 << 10;
  private static final int FIN_AND_TEXT = 0x81;
  private static final int MASKED = 0x80;

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final OutputStream out;

  /**
   * @param query what is asked for in the handshake, with its question mark
   */
  MuteSocket(int port, String query, String token) throws IOException {
    socket.setReceiveBufferSize(RECEIVE_BUFFER); // before it connects, or the window is larger
    socket.setSoTimeout((int) PATIENCE.toMillis());
    socket.connect(new InetSocketAddress("127.0.0.1", port));
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
    String request =
        "GET /v1/ws"
            + query
            + " HTTP/1.1\r\nHost: 127.0.0.1:"
            + port
            + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
            + "Sec-WebSocket-Protocol: runwire.v1\r\nAuthorization: Bearer "
            + token
            + "\r\n\r\n";
    out.write(request.getBytes(UTF_8));
    String head = head();
    if (!head.startsWith("HTTP/1.1 101 ")) {
      throw new IOException(head);
    }
  }

  /** Takes frames until one fits. */
  WireFrame await(Predicate<WireFrame> fits) throws IOException {
    while (true) {
      int opcode = in.readUnsignedByte() & 0xf;
      int form = in.readUnsignedByte();
      long length = form == 126 ? in.readUnsignedShort() : form == 127 ? in.readLong() : form;
      byte[] payload = in.readNBytes((int) length);
      if (opcode == 1) {
        WireFrame frame = WireFrame.parse(new String(payload, UTF_8));
        if (fits.test(frame)) {
          return frame;
        }
      }
    }
  }

  /** Sends a text frame; it is short. */
  void send(String text) throws IOException {
    byte[] payload = text.getBytes(UTF_8);
    ByteBuffer frame = ByteBuffer.allocate(8 + payload.length);
    frame.put((byte) FIN_AND_TEXT).put((byte) (MASKED | 126)).putShort((short) payload.length);
    frame.putInt(0).put(payload); // masked with zeros
    out.write(frame.array());
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private String head() throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(UTF_8).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException(head.toString(UTF_8));
      }
      head.write(next);
    }
    return head.toString(UTF_8);
  }
}
