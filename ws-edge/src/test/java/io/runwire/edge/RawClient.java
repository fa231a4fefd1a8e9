package io.runwire.edge;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** A TCP connection to an edge that sends whatever bytes a test likes. */
public final class RawClient implements AutoCloseable {
  /** The sample nonce of RFC 6455 §1.3. */
  public static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  public static final int CONTINUATION = 0x0;
  public static final int TEXT = 0x1;
  public static final int BINARY = 0x2;
  public static final int CLOSE = 0x8;
  public static final int PING = 0x9;
  public static final int PONG = 0xa;
  public static final int FIN = 0x80;

  private static final int PATIENCE_MS = 10_000;
  private static final int SMALL_BUFFER = 4 << 10;
  private static final byte[] MASK = {0x37, (byte) 0xfa, 0x21, 0x3d};

  /** A frame as it came. */
  public record Frame(int opcode, ByteBuffer payload) {
    public String text() {
      return StandardCharsets.UTF_8.decode(payload.duplicate()).toString();
    }

    public int closeCode() {
      return opcode == CLOSE && payload.remaining() >= 2 ? payload.getShort(0) & 0xffff : 0;
    }
  }

  private final Socket socket = new Socket();
  private final DataInputStream in;
  private final OutputStream out;

  private RawClient(int port) throws IOException {
    socket.setReceiveBufferSize(SMALL_BUFFER);
    socket.setSoTimeout(PATIENCE_MS);
    socket.setTcpNoDelay(true); // what is sent in pieces arrives in pieces
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), PATIENCE_MS);
    in = new DataInputStream(socket.getInputStream());
    out = socket.getOutputStream();
  }

  public static RawClient connect(TestEdge edge) throws IOException {
    return new RawClient(edge.port());
  }

  /** A connection to whatever listens on a port of this machine. */
  public static RawClient connect(int port) throws IOException {
    return new RawClient(port);
  }

  /** A WebSocket that has been opened and authenticated. */
  public static RawClient opened(TestEdge edge, String token) throws IOException {
    RawClient client = connect(edge);
    String head =
        client.request(
            upgrade(edge, "Sec-WebSocket-Protocol: runwire.v1", "Authorization: Bearer " + token));
    if (!head.startsWith("HTTP/1.1 101 ")) {
      throw new AssertionError(head);
    }
    String welcome = client.frame().text();
    if (!welcome.contains("\"welcome\"")) {
      throw new AssertionError(welcome);
    }
    return client;
  }

  /** A WebSocket at whatever listens on a port of this machine and wants no token. */
  public static RawClient opened(int port) throws IOException {
    RawClient client = connect(port);
    String head =
        client.request(upgrade("127.0.0.1:" + port, "Sec-WebSocket-Protocol: runwire.v1"));
    if (!head.startsWith("HTTP/1.1 101 ")) {
      throw new AssertionError(head);
    }
    return client;
  }

  /** A WebSocket that has been opened, and nothing said on it. */
  public static RawClient unauthenticated(TestEdge edge) throws IOException {
    return opened(edge.port());
  }

  /** The request for a WebSocket, with further headers. */
  public static String upgrade(TestEdge edge, String... headers) {
    return upgrade(edge.authority(), headers);
  }

  private static String upgrade(String authority, String... headers) {
    return "GET /v1/ws HTTP/1.1\r\nHost: "
        + authority
        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: "
        + KEY
        + "\r\n"
        + String.join("", Stream.of(headers).map(h -> h + "\r\n").toList())
        + "\r\n";
  }

  /** Sends a request head and returns the head of the response. */
  public String request(String head) throws IOException {
    out.write(head.getBytes(StandardCharsets.UTF_8));
    return head();
  }

  /** The head of the response that comes next. */
  public String head() throws IOException {
    ByteArrayOutputStream response = new ByteArrayOutputStream();
    while (!response.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
      response.write(in.readUnsignedByte());
    }
    return response.toString(StandardCharsets.UTF_8);
  }

  /** The next line of a response's body, without its end. */
  public String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.readUnsignedByte(); b != '\n'; b = in.readUnsignedByte()) {
      line.append((char) b);
    }
    return line.toString();
  }

  /** The rest of a response whose head named its length. */
  public String body(String head) throws IOException {
    String length = head.replaceAll("(?is).*\r\ncontent-length: *(\\d+).*", "$1");
    return new String(in.readNBytes(Integer.parseInt(length)), StandardCharsets.UTF_8);
  }

  /** Sends a masked frame; {@code first} is its first byte. */
  public RawClient send(int first, byte... payload) throws IOException {
    return sendBytes(masked(first, payload));
  }

  /** A masked frame; {@code first} is its first byte. */
  public static byte[] masked(int first, byte... payload) {
    int form = payload.length < 126 ? payload.length : payload.length < 1 << 16 ? 126 : 127;
    return masked(first, form, payload.length, payload);
  }

  /**
   * A masked frame whose length is what a test says.
   *
   * @param form 126 for a length of two bytes, 127 for one of eight, less for itself
   */
  public static byte[] masked(int first, int form, long length, byte... payload) {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.write(first);
    frame.write(0x80 | form);
    if (form == 126) {
      frame.writeBytes(ByteBuffer.allocate(2).putShort((short) length).array());
    } else if (form == 127) {
      frame.writeBytes(ByteBuffer.allocate(8).putLong(length).array());
    }
    frame.writeBytes(MASK);
    for (int i = 0; i < payload.length; i++) {
      frame.write(payload[i] ^ MASK[i % MASK.length]);
    }
    return frame.toByteArray();
  }

  public RawClient sendText(String text) throws IOException {
    return send(FIN | TEXT, text.getBytes(StandardCharsets.UTF_8));
  }

  public RawClient sendBytes(byte... bytes) throws IOException {
    out.write(bytes);
    return this;
  }

  /** Sends bytes in pieces of that size, each as a segment of its own. */
  public RawClient sendInPieces(int size, byte... bytes) throws IOException {
    for (int from = 0; from < bytes.length; from += size) {
      sendBytes(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size)));
    }
    return this;
  }

  /** The next frame, whatever it is. */
  public Frame frame() throws IOException {
    int opcode = in.readUnsignedByte() & 0xf;
    int length = in.readUnsignedByte() & 0x7f;
    long whole = length == 126 ? in.readUnsignedShort() : length == 127 ? in.readLong() : length;
    byte[] payload = in.readNBytes((int) whole);
    if (payload.length < whole) {
      throw new EOFException("the stream ends within a frame");
    }
    return new Frame(opcode, ByteBuffer.wrap(payload));
  }

  /** Says that nothing more comes; the other side may still speak. */
  public void sendNoMore() throws IOException {
    socket.shutdownOutput();
  }

  /** Every frame until the other side ends the connection, however it does. */
  public List<Frame> framesUntilEnd() throws IOException {
    List<Frame> frames = new ArrayList<>();
    try {
      while (true) {
        frames.add(frame());
      }
    } catch (EOFException | SocketException end) {
      return frames;
    }
  }

  /** What comes next, as much as has come of it; empty where the other side has ended. */
  public byte[] anything() throws IOException {
    byte[] bytes = new byte[SMALL_BUFFER];
    try {
      return Arrays.copyOf(bytes, Math.max(0, in.read(bytes)));
    } catch (SocketException end) {
      return new byte[0];
    }
  }

  /** The code of the close frame that comes next, or after other frames. */
  public int closeCode() throws IOException {
    Frame frame = frame();
    while (frame.opcode != CLOSE) {
      frame = frame();
    }
    return frame.closeCode();
  }

  /** Whether the stream ends without a close frame. */
  public boolean cutOff() throws IOException {
    try {
      closeCode();
      return false;
    } catch (EOFException e) {
      return true;
    } catch (SocketException e) {
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
